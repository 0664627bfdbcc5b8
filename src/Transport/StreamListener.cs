using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>A TCP address of Linux to which others connect, and from which this program does: <see cref="StreamSocket.TryAccept"/> takes
/// the ones, <see cref="StreamSocket.TryConnect"/> makes the others.</summary>
public sealed unsafe class StreamListener : IDisposable
{
    StreamListener(int descriptor, in TransportAddress local) => (Descriptor, Local) = (descriptor, local);

    /// <summary>For a poller.</summary>
    public int Descriptor { get; }

    /// <summary>The address and the port that the system gave.</summary>
    public TransportAddress Local { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Null when the system refuses; <see cref="SocketError.AddressAlreadyInUse"/> when another program has the port.</summary>
    /// <param name="local">Port 0 lets the system choose.</param>
    /// <param name="backlog">How many may have connected before they are taken.</param>
    /// <param name="error">Why not.</param>
    public static StreamListener? TryOpen(in TransportAddress local, int backlog, out SocketError error)
    {
        var isV4 = local.Family == IPFamily.IPv4;
        var descriptor = Libc.Socket(
            isV4 ? Libc.AfInet : Libc.AfInet6, Libc.SockStream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        if (descriptor < 0) return null;
        if (!isV4) SetOption(descriptor, Libc.IpProtoIpv6, Libc.Ipv6Only);
        // Connections that were closed a moment ago do not hold the port; whoever listens there does.
        SetOption(descriptor, Libc.SolSocket, Libc.SoReuseAddress);
        var name = stackalloc byte[KernelAddress.Size];
        Span<byte> bytes = new(name, KernelAddress.Size);
        uint size = KernelAddress.Size;
        if (Libc.Bind(descriptor, name, KernelAddress.Write(bytes, local)) >= 0)
        {
            // Only now, when it is sure that nobody else has it, it lets its own connections in beside itself.
            SetOption(descriptor, Libc.SolSocket, Libc.SoReusePort);
            if (Libc.Listen(descriptor, backlog) >= 0 && Libc.GetSocketName(descriptor, name, &size) >= 0)
                return new(descriptor, KernelAddress.Read(bytes));
        }

        error = Errno.LastError;
        Libc.Close(descriptor);
        return null;
    }

    public void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        Libc.Close(Descriptor);
    }

    static void SetOption(int descriptor, int level, int name)
    {
        var on = 1;
        Libc.SetSocketOption(descriptor, level, name, &on, sizeof(int));
    }
}
