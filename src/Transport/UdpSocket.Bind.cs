using System.Net.Sockets;
using Portunus.Bedrock;

namespace Portunus.Transport;

public sealed unsafe partial class UdpSocket
{
    /// <summary>Opens a socket of one family that allows fragments; null when the system refuses.</summary>
    /// <param name="local">Port 0 lets the system choose.</param>
    /// <param name="receiveBuffer">In bytes; the system grants what its own limit allows.</param>
    /// <param name="error">Why not.</param>
    public static UdpSocket? TryBind(in TransportAddress local, int receiveBuffer, out SocketError error)
    {
        var isV4 = local.Family == IPFamily.IPv4;
        var descriptor = Libc.Socket(isV4 ? Libc.AfInet : Libc.AfInet6, Libc.SockDgram | Libc.NonBlocking | Libc.CloseOnExec, 0);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        if (descriptor < 0) return null;
        SetOption(descriptor, Libc.SolSocket, Libc.SoReceiveBuffer, receiveBuffer);
        // An IPv6 socket that also took IPv4 would stand in the way of the IPv4 one, and report mapped addresses.
        if (!isV4) SetOption(descriptor, Libc.IpProtoIpv6, Libc.Ipv6Only, 1);
        ForbidFragments(descriptor, local.Family, false);
        if (TryBind(descriptor, local, out var bound, out error)) return new(descriptor, bound);
        Libc.Close(descriptor);
        return null;
    }

    static bool TryBind(int descriptor, in TransportAddress local, out TransportAddress bound, out SocketError error)
    {
        bound = local;
        error = SocketError.Success;
        var name = stackalloc byte[KernelAddress.Size];
        Span<byte> bytes = new(name, KernelAddress.Size);
        uint size = KernelAddress.Size;
        if (Libc.Bind(descriptor, name, KernelAddress.Write(bytes, local)) < 0 || Libc.GetSocketName(descriptor, name, &size) < 0)
        {
            error = Errno.LastError;
            return false;
        }

        bound = KernelAddress.Read(bytes);
        return true;
    }

    /// <summary>
    /// Whether the DF bit goes out (RFC 8656 §14). With it, the system's own knowledge of path MTUs is not asked: it is the client who
    /// probes, and a forged ICMP message teaches the system nothing.
    /// </summary>
    static void ForbidFragments(int descriptor, IPFamily family, bool forbid)
    {
        var how = forbid ? Libc.PmtuDiscProbe : Libc.PmtuDiscDont;
        if (family == IPFamily.IPv4) SetOption(descriptor, Libc.IpProtoIp, Libc.IpMtuDiscover, how);
        else SetOption(descriptor, Libc.IpProtoIpv6, Libc.Ipv6MtuDiscover, how);
    }

    /// <summary>None of these options is one that a kernel of this decade refuses, and none is worth refusing service for.</summary>
    static void SetOption(int descriptor, int level, int name, int value) =>
        Libc.SetSocketOption(descriptor, level, name, &value, sizeof(int));
}
