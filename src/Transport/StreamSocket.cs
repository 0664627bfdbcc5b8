using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>A TCP connection of Linux: bytes in and out, never a wait, errors as values. For one thread.</summary>
public sealed unsafe partial class StreamSocket : IDisposable
{
    // Whoever takes nothing for so long is gone (RFC 5482): the media that he misses are long stale.
    const int UserTimeout = 30_000;

    // What the system takes beyond what is under way to the client: more would only make media late, and cost memory.
    const int MostUnsent = 64 * 1024;

    StreamSocket(int descriptor, in TransportAddress remote) => (Descriptor, Remote) = (descriptor, remote);

    /// <summary>For a poller.</summary>
    public int Descriptor { get; }

    /// <summary>Where the other end is.</summary>
    public TransportAddress Remote { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Takes a connection that waits at a listener; null when none does.</summary>
    /// <param name="listener">Its descriptor.</param>
    /// <param name="error">Why none was taken; <see cref="SocketError.WouldBlock"/> when none waits.</param>
    public static StreamSocket? TryAccept(int listener, out SocketError error)
    {
        var name = stackalloc byte[KernelAddress.Size];
        uint size = KernelAddress.Size;
        var descriptor = Libc.Accept(listener, name, &size, Libc.NonBlocking | Libc.CloseOnExec);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        if (descriptor < 0) return null;
        SetOptions(descriptor);
        return new(descriptor, KernelAddress.Read(new(name, KernelAddress.Size)));
    }

    /// <summary>Takes what came.</summary>
    /// <returns>How many bytes; with <see cref="SocketError.Success"/>, 0 is the end of the stream.</returns>
    public int Receive(Span<byte> room, out SocketError error)
    {
        error = SocketError.OperationAborted;
        if (IsClosed) return 0;
        nint length;
        fixed (byte* bytes = room) length = Libc.Receive(Descriptor, bytes, (nuint)room.Length, Libc.MsgDontWait);
        error = length < 0 ? Errno.LastError : SocketError.Success;
        return (int)Math.Max(length, 0);
    }

    /// <summary>Hands bytes to the system.</summary>
    /// <returns>How many it took; fewer than all come with <see cref="SocketError.Success"/> or
    /// <see cref="SocketError.WouldBlock"/>, when it has no more room.</returns>
    public int Send(ReadOnlySpan<byte> bytes, out SocketError error)
    {
        error = SocketError.OperationAborted;
        if (IsClosed) return 0;
        nint length;
        fixed (byte* start = bytes) length = Libc.Send(Descriptor, start, (nuint)bytes.Length, Libc.MsgDontWait | Libc.MsgNoSignal);
        error = length < 0 ? Errno.LastError : SocketError.Success;
        return (int)Math.Max(length, 0);
    }

    /// <summary>Ends it in both directions: the next receive brings the end. May be called by another thread before
    /// <see cref="Dispose"/> is.</summary>
    public void ShutDown() => Libc.ShutDown(Descriptor, Libc.ShutBoth);

    public void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        Libc.Close(Descriptor);
    }

    static void SetOptions(int descriptor)
    {
        // Each flush is one write of all there is: to hold back what is small would only make it late.
        SetOption(descriptor, Libc.TcpNoDelay, 1);
        SetOption(descriptor, Libc.TcpUserTimeout, UserTimeout);
        SetOption(descriptor, Libc.TcpNotSentLowWater, MostUnsent);
    }

    static void SetOption(int descriptor, int name, int value) =>
        Libc.SetSocketOption(descriptor, Libc.SolTcp, name, &value, sizeof(int));
}
