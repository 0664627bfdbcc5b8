using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>OpenSSL's own client before a listener and its session, over memory; each datagram can be looked at on its way.</summary>
sealed class DtlsPair : IDisposable
{
    readonly byte[] _plain = new byte[SecureSession.MostRecord];
    readonly TlsContext _context;
    readonly List<byte[]> _unsent = [];

    public DtlsPair(TlsContext server, TlsContext client)
    {
        _context = server;
        Client = DtlsSession.Connect(client, ServedStream.Start);
    }

    public static TransportAddress Address => TransportAddress.IPv4(0xC0000201, 50_000);

    public DtlsListener Listener { get; } = new(new SystemRandom());

    public DtlsSession Client { get; }

    /// <summary>Once a hello was proven.</summary>
    public DtlsSession? Server { get; private set; }

    /// <summary>Every datagram that the server's side sent, in turn.</summary>
    public List<byte[]> Sent { get; } = [];

    public DtlsPair Opened()
    {
        Exchange((_, datagram) => [datagram]);
        Assert.Equal((TlsState.Open, TlsState.Open), (Client.State, Server?.State));
        return this;
    }

    /// <summary>Datagrams go back and forth until none is left.</summary>
    /// <param name="way">What arrives for one that was sent; the first argument says whether by the client.</param>
    public void Exchange(Func<bool, byte[], IEnumerable<byte[]>> way)
    {
        for (var idle = false; !idle;)
        {
            idle = true;
            foreach (var datagram in TakeFrom(Client).SelectMany(d => way(true, d)).ToArray())
            {
                idle = false;
                ToServer(datagram);
            }

            foreach (var datagram in TakeFromServer().SelectMany(d => way(false, d)).ToArray())
            {
                idle = false;
                Give(Client, datagram);
            }
        }
    }

    /// <summary>To the session, or to the listener as long as there is none: what a loop does.</summary>
    public List<byte[]> ToServer(byte[] datagram)
    {
        if (Server is not null && !Server.IsSurpassedBy(datagram)) return Give(Server, datagram);
        var answer = new byte[DtlsListener.AnswerLength];
        switch (Listener.Hear(ServedStream.Start, Address, datagram, answer))
        {
            case DtlsVerdict.Answer:
                Sent.Add(answer);
                _unsent.Add(answer);
                break;
            case DtlsVerdict.Proven:
                Server?.Dispose();
                Server = DtlsSession.Accept(_context, ServedStream.Start, datagram);
                break;
        }

        return [];
    }

    /// <summary>All datagrams that wait.</summary>
    public static List<byte[]> TakeFrom(DtlsSession? session)
    {
        List<byte[]> datagrams = [];
        var buffer = new byte[65_535];
        while (session is not null && session.TryTake(buffer, out var length)) datagrams.Add(buffer[..length]);
        return datagrams;
    }

    /// <summary>The messages of one datagram.</summary>
    public List<byte[]> Give(DtlsSession session, ReadOnlySpan<byte> datagram)
    {
        List<byte[]> messages = [];
        while (session.Read(ref datagram, _plain) is var n and > 0) messages.Add(_plain[..n]);
        Assert.True(datagram.IsEmpty);
        return messages;
    }

    public List<byte[]> TakeFromServer()
    {
        List<byte[]> datagrams = [.. _unsent, .. TakeFrom(Server).Select(Noted)];
        _unsent.Clear();
        return datagrams;

        byte[] Noted(byte[] datagram)
        {
            Sent.Add(datagram);
            return datagram;
        }
    }

    public void Dispose()
    {
        Client.Dispose();
        Server?.Dispose();
    }
}
