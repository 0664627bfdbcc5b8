using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Transport;

// Connections that are made from here, and how connections end that are relayed.
public sealed unsafe partial class StreamSocket
{
    // Milliseconds without an acknowledgement, or with a window of zero, after which a relayed connection is over: long enough for a
    // program that pauses, short enough that who vanished is noticed.
    const int RelayedTimeout = 120_000;

    // Seconds of silence after which the other end is asked whether it is there, and between two such questions.
    const int KeepAliveAfter = 60;
    const int KeepAliveInterval = 15;

    /// <summary>Begins to connect from an address that a <see cref="StreamListener"/> has; it is done, or has failed, when it can be
    /// written to, and then <see cref="TakeError"/> tells which. Null when it failed at once.</summary>
    public static StreamSocket? TryConnect(in TransportAddress local, in TransportAddress remote, out SocketError error)
    {
        var isV4 = local.Family == IPFamily.IPv4;
        var descriptor = Libc.Socket(
            isV4 ? Libc.AfInet : Libc.AfInet6, Libc.SockStream | Libc.NonBlocking | Libc.CloseOnExec, 0);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        if (descriptor < 0) return null;
        // Beside the one that listens there, and beside other connections, and those that were closed a moment ago.
        SetOption(descriptor, Libc.SolSocket, Libc.SoReuseAddress, 1);
        SetOption(descriptor, Libc.SolSocket, Libc.SoReusePort, 1);
        if (!isV4) SetOption(descriptor, Libc.IpProtoIpv6, Libc.Ipv6Only, 1);
        SetOptions(descriptor);
        var name = stackalloc byte[KernelAddress.Size];
        Span<byte> bytes = new(name, KernelAddress.Size);
        if (Libc.Bind(descriptor, name, KernelAddress.Write(bytes, local)) < 0
            || (Libc.Connect(descriptor, name, KernelAddress.Write(bytes, remote)) < 0 && Errno.LastError != SocketError.InProgress))
        {
            error = Errno.LastError;
            Libc.Close(descriptor);
            return null;
        }

        return new(descriptor, remote);
    }

    /// <summary>What has become of it; asked once, since the system forgets an error that it told.</summary>
    public SocketError TakeError()
    {
        if (IsClosed) return SocketError.OperationAborted;
        int number;
        uint size = sizeof(int);
        return Libc.GetSocketOption(Descriptor, Libc.SolSocket, Libc.SoError, &number, &size) < 0
            ? Errno.LastError
            : Errno.Translate(number);
    }

    /// <summary>From now on it carries what is relayed: its other end may pause, and whether it is there is asked in silence.</summary>
    public void Endure()
    {
        SetOption(Descriptor, Libc.TcpUserTimeout, RelayedTimeout);
        SetOption(Descriptor, Libc.SolSocket, Libc.SoKeepAlive, 1);
        SetOption(Descriptor, Libc.TcpKeepIdle, KeepAliveAfter);
        SetOption(Descriptor, Libc.TcpKeepInterval, KeepAliveInterval);
    }

    /// <summary>Tells the other end that nothing more comes; what it says is heard still.</summary>
    public void EndSending() => Libc.ShutDown(Descriptor, Libc.ShutWrite);

    /// <summary>When it is closed, the other end shall not take what it has for all there was.</summary>
    public void ResetWhenClosed()
    {
        // struct linger: on, for no time.
        var linger = stackalloc int[2];
        (linger[0], linger[1]) = (1, 0);
        Libc.SetSocketOption(Descriptor, Libc.SolSocket, Libc.SoLinger, linger, 2 * sizeof(int));
    }

    static void SetOption(int descriptor, int level, int name, int value) =>
        Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int));
}
