using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Portunus.Bedrock;
using Portunus.Fuzz.Engine;
using Portunus.Simulation;
using Portunus.Transport.Tls;

namespace Portunus.Fuzz.Targets;

/// <summary>One run of <see cref="DtlsTarget"/>: a client, the server's side as a worker has it, and the datagrams between them.</summary>
sealed partial class DtlsPlay(TlsContext server, TlsContext client, Coverage coverage) : IDisposable
{
    const int MostWaiting = 64;
    const ulong NoRenegotiation = 1UL << 30;

    static readonly TransportAddress Address = TransportAddress.IPv4(0xC0000201, 50_000);
    static readonly Instant Start = Instant.FromUnixSeconds(1_800_000_000);

    readonly DtlsListener _listener = new(new SeededRandom(1));
    readonly byte[] _plain = new byte[SecureSession.MostRecord];
    readonly byte[] _buffer = new byte[65_535];
    readonly List<byte[]> _toServer = [];
    readonly List<byte[]> _toClient = [];

    // What the client said and the server has not heard: each is heard once at most.
    readonly List<byte[]> _said = [];
    DtlsSession _client = DtlsSession.Connect(client, Start);
    DtlsSession? _server;
    bool _isHonest = true;

    public bool IsPlanted { get; init; }

    public void Take(Step step)
    {
        Collect();
        var queue = (step.Arg & 1) == 0 ? _toServer : _toClient;
        var kind = (DtlsStep)step.Kind;
        _isHonest &= kind is DtlsStep.Exchange or DtlsStep.ClientWrites or DtlsStep.ServerWrites ||
            (kind is DtlsStep.ToServer or DtlsStep.ToClient && step.Bytes.Length < 3);
        switch (kind)
        {
            case DtlsStep.Raw:
                Forge(step.Bytes);
                break;
            case DtlsStep.ToServer when _toServer.Count > 0:
                ToServer(Changed(Next(_toServer), step.Bytes));
                break;
            case DtlsStep.ToClient when _toClient.Count > 0:
                ToClient(Changed(Next(_toClient), step.Bytes));
                break;
            case DtlsStep.Lose when queue.Count > 0:
                queue.RemoveAt(0);
                break;
            case DtlsStep.Repeat when queue.Count > 0:
                queue.Insert(0, queue[0]);
                break;
            case DtlsStep.Swap when queue.Count > 1:
                (queue[0], queue[1]) = (queue[1], queue[0]);
                break;
            case DtlsStep.Join when _toServer.Count > 1:
                _toServer[0] = [.. _toServer[0], .. _toServer[1]];
                _toServer.RemoveAt(1);
                break;
            case DtlsStep.Fragment when _toServer.Count > 0:
                _toServer.InsertRange(0, Fragments(Next(_toServer), 1 + step.Arg));
                break;
            case DtlsStep.Exchange:
                Exchange();
                break;
            case DtlsStep.ClientWrites when step.Bytes.Length is > 0 and < 2000:
                if (_client.TryWrite(step.Bytes)) _said.Add(step.Bytes);
                break;
            case DtlsStep.ServerWrites when step.Bytes.Length < 2000:
                _server?.TryWrite(step.Bytes);
                break;
            case DtlsStep.Deadline:
                _server?.OnDeadline(Start + TimeSpan.FromSeconds(step.Arg));
                break;
            case DtlsStep.Record:
                byte[] body = step.Bytes;
                Forge([(byte)(20 + ((step.Arg & 7) % 6)), 0xFE, 0xFD, 0, (byte)((step.Arg >> 3) & 1), 0, 0, 0, 0, 0, (byte)(step.Arg >> 4),
                    (byte)(body.Length >> 8), (byte)body.Length, .. body]);
                break;
            case DtlsStep.Anew:
                _client.Dispose();
                _client = DtlsSession.Connect(client, Start);
                break;
            case DtlsStep.Close:
                _client.Close();
                break;
            case DtlsStep.Renegotiate when _client.State == TlsState.Open:
                Renegotiate();
                break;
        }

        Check();
    }

    /// <summary>A network that does nothing opens a session.</summary>
    public void CheckEnd()
    {
        if (!_isHonest) return;
        Exchange();
        Finding.Unless(_server is { State: TlsState.Open } && _client.State == TlsState.Open, "an honest network opens the session");
    }

    public void Dispose()
    {
        _client.Dispose();
        _server?.Dispose();
    }

    void Check()
    {
        coverage.Note(20, (_server is null ? 0 : 1 + (int)_server.State) * 16 + (_server is null ? 0 : (int)_server.Ended));
        coverage.Note(21, (int)_client.State * 16 + (int)_client.Ended);
        if (_server is null) return;
        if (_server.ErrorNumber != 0) coverage.Note(22, (int)(_server.ErrorNumber & 0x7FFFFF));
        Finding.Unless(_server.OutgoingLength <= SecureSession.MostOutgoing + 4096, $"{_server.OutgoingLength} bytes wait");
        Finding.Unless(!IsPlanted || _server.Ended != TlsEnd.Refused, "planted: no session is refused");
    }

    /// <summary>What anybody can send who knows the address: it says nothing, and ends nothing that is open.</summary>
    void Forge(byte[] datagram)
    {
        var open = _server is { State: TlsState.Open } ? _server : null;
        ToServer(datagram);
        Finding.Unless(open is null || (ReferenceEquals(open, _server) && open.State == TlsState.Open),
            $"forged bytes ended it: {open?.Ended}");
    }

    void ToServer(byte[] datagram)
    {
        if (_server is not null && !_server.IsSurpassedBy(datagram))
        {
            foreach (var message in Read(_server, datagram))
            {
                var at = _said.FindIndex(said => said.AsSpan().SequenceEqual(message));
                Finding.Unless(at >= 0, $"{message.Length} bytes are heard that nobody said, or said once");
                _said.RemoveAt(at);
            }

            return;
        }

        var answer = new byte[DtlsListener.AnswerLength];
        var verdict = _listener.Hear(Start, Address, datagram, answer);
        coverage.Note(23, (int)verdict);
        if (verdict == DtlsVerdict.Answer)
        {
            Finding.Unless(answer.Length <= datagram.Length, "an answer to a stranger is no longer than what he said");
            Send(_toClient, answer);
        }
        else if (verdict == DtlsVerdict.Proven)
        {
            _server?.Dispose();
            _server = DtlsSession.Accept(server, Start, datagram);
        }
    }

    void ToClient(byte[] datagram) => Read(_client, datagram);

    List<byte[]> Read(DtlsSession session, byte[] datagram)
    {
        List<byte[]> messages = [];
        ReadOnlySpan<byte> wire = datagram;
        for (int turns = 0, length; (length = session.Read(ref wire, _plain)) > 0; turns++)
        {
            messages.Add(_plain[..length]);
            Finding.Unless(turns < 10_000, "a datagram comes to an end");
        }

        Finding.Unless(wire.IsEmpty, "all of a datagram is taken");
        return messages;
    }

    void Exchange()
    {
        for (var turns = 0; ; turns++)
        {
            Finding.Unless(turns < 200, "two sides come to rest");
            Collect();
            if (_toServer.Count + _toClient.Count == 0) return;
            while (_toServer.Count > 0) ToServer(Next(_toServer));
            Collect();
            while (_toClient.Count > 0) ToClient(Next(_toClient));
        }
    }

    void Collect()
    {
        while (_client.TryTake(_buffer, out var length)) Send(_toServer, _buffer[..length]);
        while (_server is not null && _server.TryTake(_buffer, out var length)) Send(_toClient, _buffer[..length]);
    }

    static void Send(List<byte[]> queue, byte[] datagram)
    {
        if (queue.Count < MostWaiting) queue.Add(datagram);
    }

    static byte[] Next(List<byte[]> queue)
    {
        var datagram = queue[0];
        queue.RemoveAt(0);
        return datagram;
    }

    static byte[] Changed(byte[] datagram, byte[] changes)
    {
        byte[] changed = [.. datagram];
        for (var at = 0; at + 2 < changes.Length && changed.Length > 0; at += 3)
            changed[BinaryPrimitives.ReadUInt16BigEndian(changes.AsSpan(at)) % changed.Length] ^= changes[at + 2];
        return changed;
    }

    /// <summary>RFC 6347 §4.2.3: each fragment has the message's header with its own offset and length.</summary>
    static List<byte[]> Fragments(byte[] datagram, int most)
    {
        const int RecordHeader = 13, Header = 25;
        if (datagram.Length <= Header || datagram[0] != 22 || datagram[4] != 0 || datagram.Length > 2000) return [datagram];
        List<byte[]> fragments = [];
        for (int at = Header, number = 0; at < datagram.Length; at += most, number++)
        {
            var length = Math.Min(most, datagram.Length - at);
            byte[] fragment = [.. datagram[..Header], .. datagram.AsSpan(at, length)];
            fragment[10] += (byte)number;
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(11), (ushort)(Header - RecordHeader + length));
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(20), (ushort)(at - Header));
            BinaryPrimitives.WriteUInt16BigEndian(fragment.AsSpan(23), (ushort)length);
            fragments.Add(fragment);
        }

        return fragments.Count > MostWaiting ? [datagram] : fragments;
    }

    void Renegotiate()
    {
        var ssl = SslOf(_client);
        SSL_clear_options(ssl, NoRenegotiation);
        if (SSL_renegotiate(ssl) == 1) SSL_do_handshake(ssl);
        ERR_clear_error();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "get_Ssl")]
    static extern SslHandle SslOf(SecureSession session);

    [LibraryImport("libssl.so.3")]
    private static partial ulong SSL_clear_options(SslHandle ssl, ulong options);

    [LibraryImport("libssl.so.3")]
    private static partial int SSL_renegotiate(SslHandle ssl);

    [LibraryImport("libssl.so.3")]
    private static partial int SSL_do_handshake(SslHandle ssl);

    [LibraryImport("libcrypto.so.3")]
    private static partial void ERR_clear_error();
}
