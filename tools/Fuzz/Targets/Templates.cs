using System.Net;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Fuzz.Targets;

/// <summary>Requests and indications of every method, without credentials.</summary>
static class Templates
{
    static readonly IPEndPoint Peer = IPEndPoint.Parse("9.9.9.9:9");
    static readonly IPEndPoint Peer6 = IPEndPoint.Parse("[2606:4700::1]:5");

    public static byte[] Binding => Of(Method.Binding, m => m);

    public static byte[] Allocate => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp));

    public static byte[] AllocateBoth => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp)
        .AddByte(Attr.AdditionalAddressFamily, Family.IPv6));

    public static byte[] AllocateMobile => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp)
        .Add(Attr.MobilityTicket, ReadOnlySpan<byte>.Empty).Add(Attr.Lifetime, 1200u));

    public static byte[] AllocateEven => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp)
        .Add(Attr.EvenPort, [0x80]).Add(Attr.DontFragment, ReadOnlySpan<byte>.Empty));

    public static byte[] AllocateReserved => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp)
        .Add(Attr.ReservationToken, new byte[8]));

    public static byte[] AllocateIPv6 => Of(Method.Allocate, m => m.AddByte(Attr.RequestedTransport, Protocol.Udp)
        .AddByte(Attr.RequestedAddressFamily, Family.IPv6));

    public static byte[] Refresh(uint seconds) => Of(Method.Refresh, m => m.Add(Attr.Lifetime, seconds));

    public static byte[] RefreshIPv6 => Of(Method.Refresh, m => m.Add(Attr.Lifetime, 0u)
        .AddByte(Attr.RequestedAddressFamily, Family.IPv6));

    public static byte[] RefreshMoved => Of(Method.Refresh, m => m.Add(Attr.MobilityTicket, new byte[60]));

    public static byte[] Permit => Of(Method.CreatePermission, m => m.AddAddress(Attr.XorPeerAddress, Peer)
        .AddAddress(Attr.XorPeerAddress, IPEndPoint.Parse("8.8.4.4:53")));

    public static byte[] Permit6 => Of(Method.CreatePermission, m => m.AddAddress(Attr.XorPeerAddress, Peer6));

    public static byte[] Bind(int channel, IPEndPoint? peer = null) => Of(Method.ChannelBind, m => m.AddChannel(channel)
        .AddAddress(Attr.XorPeerAddress, peer ?? Peer));

    public static byte[] Bind6(int channel) => Bind(channel, Peer6);

    public static byte[] Send => Of(Method.Send, m => m.AddAddress(Attr.XorPeerAddress, Peer)
        .Add(Attr.DontFragment, ReadOnlySpan<byte>.Empty).Add(Attr.Data, "hello"), Class.Indication);

    public static byte[] Connect => Of(Method.Connect, m => m.AddAddress(Attr.XorPeerAddress, Peer));

    /// <summary>Of RFC 3489, which has no cookie.</summary>
    public static byte[] Classic => [0, 1, 0, 0, .. "sixteen bytes id"u8];

    public static byte[][] Unproved =>
        [Binding, Classic, Send, Connect, Allocate, [0, 0x11, 0, 0, 0x21, 0x12, 0xA4, 0x42, .. new byte[12]]];

    /// <summary>The same transaction each time, so that the seeds are the same.</summary>
    static byte[] Of(int method, Func<Outgoing, Outgoing> fill, int @class = Class.Request)
    {
        Outgoing message = new(method, @class);
        "transaction1"u8.CopyTo(message.TransactionId);
        var bytes = fill(message).ToArray();
        message.TransactionId.CopyTo(bytes, 8);
        return bytes;
    }
}
