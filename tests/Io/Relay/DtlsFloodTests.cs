using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Transport;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Relay;

/// <summary>Floods of DTLS from many sources, as forged ones would look: what they take out of the server, and what they leave
/// there.</summary>
public sealed class DtlsFloodTests : IDisposable
{
    const int Sources = 250;
    const int Rounds = 40;

    // Record header, handshake header, version: behind them is what each client draws.
    const int RandomAt = 13 + 12 + 2;
    const int RandomLength = 32;

    readonly TlsContext _context = TlsContext.Client(isDatagrams: true);
    readonly DtlsSession _session;
    readonly byte[] _hello;

    public DtlsFloodTests()
    {
        _session = DtlsSession.Connect(_context, SystemClock.Now);
        _hello = Assert.Single(DtlsPair.TakeFrom(_session));
    }

    /// <summary>What is sent: a client's hello; the shortest one there is; one with a cookie of nobody's; records of a session that is not
    /// there; hellos that end too soon.</summary>
    public static TheoryData<string, bool> Kinds => new()
    {
        { "hello", true }, { "shortest", true }, { "cookie", true }, { "records", false }, { "cut", false },
    };

    public void Dispose()
    {
        _session.Dispose();
        _context.Dispose();
    }

    [Theory, MemberData(nameof(Kinds))]
    public void A_flood_takes_no_more_bytes_than_it_brings_leaves_nothing_and_keeps_nobody_out(string kind, bool isAnswered)
    {
        using var stand = new DtlsPortStand(DataPath.Auto, [ClientTransport.Udp, ClientTransport.Dtls]);
        var flood = Flood(kind);
        var (sent, heard) = (0L, 0L);
        var buffer = new byte[2048];
        var sockets = Enumerable.Range(0, Sources).Select(i => Socket(i, stand.Address)).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var socket in sockets)
            {
                Random.Shared.NextBytes(flood.AsSpan(RandomAt, Math.Min(RandomLength, flood.Length - RandomAt)));
                sent += socket.Send(flood);
            }

            if (round == Rounds / 2)
            {
                Assert.Null(stand.Client(stand.Connect()).Allocate().Error);
                Assert.Null(stand.Plain().Allocate().Error);
            }
        }

        // A request behind the flood, in the same queue, is answered when all before it was.
        Assert.Null(stand.Plain().Bind().Error);
        foreach (var socket in sockets)
        {
            while (socket.Available > 0)
            {
                var length = socket.Receive(buffer);
                Assert.True(length <= flood.Length, $"{length} bytes for {flood.Length}");
                heard += length;
            }

            socket.Dispose();
        }

        Assert.Equal(isAnswered, heard > 0);
        Assert.True(heard <= sent, $"{heard} bytes for {sent}");
        // The honest client's session, and its two hellos.
        Assert.Equal(1, stand.Loop.StreamsAccepted);
        Assert.Single(stand.Node.Sessions(), one => one.Client.Transport == ClientTransport.Dtls);
        Assert.InRange(isAnswered ? stand.Loop.CookiesSent : stand.Loop.DtlsDropped, 1000, (Sources * Rounds) + 10);
    }

    byte[] Flood(string kind)
    {
        switch (kind)
        {
            case "hello":
                return _hello;
            case "shortest":
                // Up to the random; then no session id and no cookie, as a first fragment.
                byte[] shortest = [.. _hello[..(RandomAt + RandomLength)], 0, 0];
                shortest[12] = (byte)(shortest.Length - 13);
                shortest[11] = 0;
                (shortest[22], shortest[23], shortest[24]) = (0, 0, (byte)(shortest.Length - 25));
                return shortest;
            case "cookie":
                var listener = new DtlsListener(new SystemRandom());
                var answer = new byte[DtlsListener.AnswerLength];
                Assert.Equal(DtlsVerdict.Answer, listener.Hear(SystemClock.Now, DtlsPair.Address, _hello, answer));
                ReadOnlySpan<byte> request = answer;
                _session.Read(ref request, new byte[SecureSession.MostRecord]);
                return Assert.Single(DtlsPair.TakeFrom(_session));
            case "records":
                // Epoch 1, with room for nonce, tag and some text.
                return [23, 0xFE, 0xFD, 0, 1, 0, 0, 0, 0, 0, 1, 0, 80, .. new byte[80]];
            default:
                return _hello[..60];
        }
    }

    static Socket Socket(int number, TransportAddress server)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // All of 127/8 is this machine.
        socket.Bind(new IPEndPoint(IPAddress.Parse($"127.0.{1 + (number % 5)}.{1 + (number / 5)}"), 0));
        socket.Connect(server.ToIPEndPoint());
        return socket;
    }
}
