using System.Runtime.InteropServices;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Transport.Tls;

namespace Portunus.Load;

/// <summary>One kind of session before OpenSSL's own client; what the client does is not counted.</summary>
sealed class SessionCell(TlsFiles files, bool isDatagrams) : IDisposable
{
    static readonly TransportAddress Address = TransportAddress.IPv4(0xC0000201, 50_000);

    readonly TlsContext _context = isDatagrams
        ? TlsContext.ForDatagrams(files.Certificate, files.Key)
        : TlsContext.ForStreams(files.Certificate, files.Key);

    readonly TlsContext _clients = TlsContext.Client(isDatagrams);
    readonly DtlsListener _listener = new(new SystemRandom());
    readonly byte[] _plain = new byte[SecureSession.MostRecord];
    readonly byte[] _wire = new byte[65_535];
    readonly byte[] _answer = new byte[DtlsListener.AnswerLength];
    readonly Series _handshake = new(), _rate = new(), _in = new(), _out = new();
    string _protocol = "";
    TimeSpan _servers;

    public void Measure(bool isCounted, int handshakes, int records)
    {
        _servers = default;
        for (var i = 0; i < handshakes; i++)
        {
            using var server = Open(out var client);
            client.Dispose();
        }

        if (isCounted) _handshake.Add(_servers.TotalMicroseconds / handshakes);
        if (isCounted) _rate.Add(handshakes / _servers.TotalSeconds);
        using var listening = Open(out var speaking);
        _protocol = listening.Protocol;
        var (into, outOf) = (Pass(speaking, listening, records).To, Pass(listening, speaking, records).From);
        if (isCounted) _in.Add(into.TotalMicroseconds / records);
        if (isCounted) _out.Add(outOf.TotalMicroseconds / records);
        speaking.Dispose();
    }

    /// <summary>Bytes that one of so many open sessions takes: asked of malloc and the heap, and resident.</summary>
    public (long Asked, long Resident) MemoryOf(int count)
    {
        var open = new SecureSession[count];
        using var first = Open(out var its);
        its.Dispose();
        var before = InUse();
        var resident = Environment.WorkingSet;
        for (var i = 0; i < count; i++)
        {
            open[i] = Open(out var client);
            client.Dispose();
        }

        var taken = InUse() - before;
        resident = Environment.WorkingSet - resident;
        foreach (var session in open) session.Dispose();
        return (taken / count, resident / count);
    }

    public override string ToString() =>
        $"| {_protocol} | {_handshake.Write("F0")} | {_rate.Write("F0")} | {_in.Write("F2")} | {_out.Write("F2")} |";

    public void Dispose()
    {
        _clients.Dispose();
        _context.Dispose();
    }

    SecureSession Open(out SecureSession client)
    {
        var now = SystemClock.Now;
        SecureSession? server = null;
        if (isDatagrams)
        {
            client = DtlsSession.Connect(_clients, now);
        }
        else
        {
            var speaking = new TlsSession(_clients, now);
            speaking.Begin();
            client = speaking;
            Timed(() => server = new TlsSession(_context, now));
        }

        while (client.OutgoingLength > 0 || server?.OutgoingLength > 0)
        {
            while (Take(client) is var length and > 0)
            {
                if (server is null) Timed(() => server = Hear(now, length));
                else Timed(() => Give(server, length));
            }

            // The answer of the listener, or what the session says.
            if (server is null) Give(client, Take(null));
            while (server is not null && Take(server) is var length and > 0) Give(client, length);
        }

        return server!.State == TlsState.Open ? server : throw new InvalidOperationException("The handshake came to nothing.");
    }

    DtlsSession? Hear(Instant now, int length) =>
        _listener.Hear(now, Address, _wire.AsSpan(0, length), _answer) == DtlsVerdict.Proven
            ? DtlsSession.Accept(_context, now, _wire.AsSpan(0, length))
            : null;

    (TimeSpan From, TimeSpan To) Pass(SecureSession from, SecureSession to, int records)
    {
        var (spoke, heard) = (TimeSpan.Zero, TimeSpan.Zero);
        const int Together = 50;
        var lengths = new List<byte[]>(Together);
        for (var done = 0; done < records; done += Together)
        {
            lengths.Clear();
            var begun = CpuTime.OfThisThread();
            for (var i = 0; i < Together; i++)
            {
                from.TryWrite(_plain.AsSpan(0, 160));
                lengths.Add(_wire.AsSpan(0, Take(from)).ToArray());
            }

            spoke += CpuTime.OfThisThread() - begun;
            begun = CpuTime.OfThisThread();
            foreach (var record in lengths)
            {
                ReadOnlySpan<byte> piece = record;
                while (to.Read(ref piece, _plain) > 0)
                {
                }
            }

            heard += CpuTime.OfThisThread() - begun;
        }

        return (spoke, heard);
    }

    void Give(SecureSession session, int length)
    {
        ReadOnlySpan<byte> piece = _wire.AsSpan(0, length);
        while (session.Read(ref piece, _plain) > 0)
        {
        }
    }

    /// <summary>All that waits of a stream, or one datagram; of no session the listener's answer.</summary>
    int Take(SecureSession? session)
    {
        switch (session)
        {
            case DtlsSession datagrams:
                datagrams.TryTake(_wire, out var datagram);
                return datagram;
            case TlsSession stream:
                var length = stream.OutgoingLength;
                stream.Outgoing.CopyTo(_wire);
                stream.Sent(length);
                return length;
            default:
                _answer.CopyTo(_wire, 0);
                return _answer.Length;
        }
    }

    void Timed(Action action)
    {
        var begun = CpuTime.OfThisThread();
        action();
        _servers += CpuTime.OfThisThread() - begun;
    }

    static long InUse()
    {
        var info = mallinfo2();
        return (long)(info.InArenas + info.Mapped) + GC.GetTotalMemory(forceFullCollection: true);
    }

    [DllImport("libc")]
    static extern MallocInformation mallinfo2();

    // struct mallinfo2 of glibc's malloc.h: hblkhd and uordblks of its ten numbers.
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    readonly struct MallocInformation
    {
        [FieldOffset(32)]
        public readonly nuint Mapped;

        [FieldOffset(56)]
        public readonly nuint InArenas;
    }
}
