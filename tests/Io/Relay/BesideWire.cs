using System.Collections.Concurrent;
using System.Net.Sockets;

namespace Portunus.Tests.Io.Relay;

/// <summary>Plain UDP by a socket at which another hears, too, who hands over what is not his.</summary>
/// <param name="socket">Connected; another's.</param>
sealed class BesideWire(Socket socket) : IRawWire
{
    readonly BlockingCollection<byte[]> _messages = [];

    public Socket Socket => socket;

    public bool IsStream => false;

    public bool HasEnded => false;

    /// <summary>STUN or ChannelData by its first byte (RFC 7983).</summary>
    public static bool IsPlain(ReadOnlySpan<byte> datagram) => datagram is [< 20 or > 63, ..];

    public void Hear(ReadOnlySpan<byte> datagram) => _messages.Add(datagram.ToArray());

    public void Listen(bool reads) => throw new NotSupportedException();

    public void Write(ReadOnlySpan<byte> message) => socket.Send(message);

    public byte[]? Receive(TimeSpan patience) => _messages.TryTake(out var message, patience) ? message : null;

    public void Dispose()
    {
    }
}
