using System.Net.Sockets;
using System.Runtime.CompilerServices;
using Portunus.Bedrock;

namespace Portunus.Transport;

public sealed unsafe partial class UdpSocket
{
    bool _tellsErrors;

    /// <summary>From now on the kernel keeps what ICMP says of datagrams that this socket sent, for <see cref="TryTakeError"/>. Then an
    /// error of one destination meets the next call, whatever that is for: a receive fails once, a send is tried again.</summary>
    public void TellErrors()
    {
        _tellsErrors = true;
        if (Local.Family == IPFamily.IPv4) SetOption(Descriptor, Libc.IpProtoIp, Libc.IpReceiveErrors, 1);
        else SetOption(Descriptor, Libc.IpProtoIpv6, Libc.Ipv6ReceiveErrors, 1);
    }

    /// <summary>Takes the next error that the kernel kept; false when none is left.</summary>
    public bool TryTakeError(out DatagramError error)
    {
        error = default;
        if (IsClosed || !_tellsErrors) return false;
        var name = stackalloc byte[KernelAddress.Size];
        // Room for the error, the address of who sent it, and the headers of both.
        const int Room = 128;
        var control = stackalloc byte[Room];
        var message = new Libc.MessageHeader
        {
            Name = name, NameLength = KernelAddress.Size, Control = control, ControlLength = Room,
        };
        if (Libc.ReceiveMessage(Descriptor, &message, Libc.MsgErrorQueue | Libc.MsgDontWait) < 0) return false;
        // An error of which nothing is told is taken, too, or it would be there for good.
        error = new(KernelAddress.Read(new(name, KernelAddress.Size)), ErrorOrigin.None, 0, 0, 0);
        for (nuint at = 0; at + Libc.ControlHeaderLength + Libc.ExtendedErrorLength <= message.ControlLength;)
        {
            var length = Unsafe.ReadUnaligned<nuint>(control + at);
            var level = Unsafe.ReadUnaligned<int>(control + at + 8);
            var type = Unsafe.ReadUnaligned<int>(control + at + 12);
            if (length < Libc.ControlHeaderLength) break;
            if ((level, type) is (Libc.IpProtoIp, Libc.IpReceiveErrors) or (Libc.IpProtoIpv6, Libc.Ipv6ReceiveErrors))
            {
                // struct sock_extended_err: errno, origin, type, code, padding, information.
                var said = control + at + Libc.ControlHeaderLength;
                error = error with
                {
                    Origin = (ErrorOrigin)said[4], Type = said[5], Code = said[6], Information = Unsafe.ReadUnaligned<uint>(said + 8),
                };
            }

            at += (length + 7) & ~(nuint)7;
        }

        return true;
    }
}

/// <summary>Who says that a datagram came to nothing, by the numbers of the kernel (SO_EE_ORIGIN).</summary>
public enum ErrorOrigin : byte
{
    None = 0,

    /// <summary>This machine: the datagram was longer than its link allows.</summary>
    Local = 1,
    Icmp = 2,
    Icmpv6 = 3,
}

/// <summary>What came back for a datagram.</summary>
/// <param name="Destination">Of the datagram.</param>
/// <param name="Origin">Whose word it is.</param>
/// <param name="Type">Of ICMP or ICMPv6.</param>
/// <param name="Code">Of ICMP or ICMPv6.</param>
/// <param name="Information">The next hop's MTU in bytes, where one is told.</param>
public readonly record struct DatagramError(
    TransportAddress Destination, ErrorOrigin Origin, byte Type, byte Code, uint Information);
