using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>
/// Makes allocations one after the other, each from a five-tuple of its own as a new client does: Allocate, the 401 in its turn,
/// Allocate, Refresh to zero.
/// </summary>
sealed class Allocator(TransportAddress server)
{
    // Each from an address of 127/8 of its own: a server that keeps a five-tuple for a while after its end is not met there again.
    const uint First = 0x7F010000, Addresses = 0x00FE0000;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    static uint _next;

    readonly SystemRandom _random = new();
    readonly byte[] _buffer = new byte[2048];
    readonly IPEndPoint _server = server.ToIPEndPoint();

    /// <summary>How often half a second was waited in vain, or a client that was refused came again.</summary>
    public int Late { get; private set; }

    /// <summary>One allocation. On a machine under load an edge may answer too late for the first Allocate of a name.</summary>
    /// <exception cref="InvalidOperationException">The server refused three times, or was silent for ten seconds.</exception>
    public void AllocateSurely(TurnClientSettings credential)
    {
        for (var tries = 1; ; tries++, Late++)
            try
            {
                AllocateAndRelease(credential);
                return;
            }
            catch (InvalidOperationException) when (tries < 3)
            {
                // Once more, as a client would.
            }
    }

    void AllocateAndRelease(TurnClientSettings credential)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveTimeout = 500 };
        var address = First + (Interlocked.Increment(ref _next) % Addresses);
        socket.Bind(new IPEndPoint(TransportAddress.IPv4(address, 0).ToIPAddress(), 0));
        socket.Connect(_server);
        var client = new TurnClient(credential, _random);
        client.Allocate(SystemClock.Now);
        Exchange(socket, client);
        client.Release(SystemClock.Now);
        Exchange(socket, client);
    }

    /// <summary>Until the relay is there, or gone.</summary>
    void Exchange(Socket socket, TurnClient client)
    {
        for (var until = SystemClock.Now + Patience; SystemClock.Now < until; Receive(socket, client))
            while (client.TryTake(out var effect))
                switch (effect)
                {
                    case TurnClientEffect.ToServer message: socket.Send(message.Datagram.Span); break;
                    case TurnClientEffect.Allocated or TurnClientEffect.Ended: return;
                    case TurnClientEffect.Failed failed: throw new InvalidOperationException($"The server refused: {failed}");
                }

        throw new InvalidOperationException("The server was silent.");
    }

    void Receive(Socket socket, TurnClient client)
    {
        try
        {
            client.OnServer(SystemClock.Now, _buffer.AsSpan(0, socket.Receive(_buffer)));
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
        {
            Late++;
            client.OnDeadline(SystemClock.Now);
        }
    }
}
