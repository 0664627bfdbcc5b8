using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>
/// Which peers a relay may exchange datagrams or connections with: the one place that decides it, for permissions, channels, both
/// directions of data (RFC 8656 §10.2, §12.2, §11.2, §21.4) and of connecting (RFC 6062 §5.2, §5.3).
/// </summary>
/// <remarks>
/// An IPv6 address that carries an IPv4 address must pass as both. Then: 1. some addresses are never peers; 2. what the
/// operator denies; 3. the special-purpose blocks of IANA, less what the operator allows; 4. the addresses of this machine, unless the
/// operator allows one by its name, or it is a relay address; 5. no port on which this process listens, nor where its data bases do;
/// 6. on a relay address of this process, only ports that live allocations hold, for UDP of UDP and for TCP of TCP. Before all of them
/// stand the limits of the client's own credential, where it has any.
/// </remarks>
public sealed class PeerPolicy
{
    /// <summary>Cannot be allowed: "this network", the unspecified address, multicast, the broadcast address, addresses that are
    /// IPv4 in disguise for a socket (::ffff:0:0/96), and the tunnels that RFC 8656 §21.4 forbids: Teredo and 6to4.</summary>
    static readonly AddressRange[] Never =
    [
        .. Ranges("0.0.0.0/8 224.0.0.0/4 255.255.255.255/32"),
        .. Ranges("::/128 ff00::/8 2001::/32 2002::/16"),
        AddressRange.Of(TransportAddress.IPv6(EmbeddedIPv4.Mapped, 0), 96),
    ];

    /// <summary>The registries of special-purpose addresses (RFC 6890 and its successors), retired blocks, and the address at which a
    /// cloud (Azure) serves its guests' secrets: public by its number, reached from within a guest alone.</summary>
    static readonly AddressRange[] SpecialPurpose =
    [
        .. Ranges("10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.0.0.0/24 192.0.2.0/24"),
        .. Ranges("192.31.196.0/24 192.52.193.0/24 192.88.99.0/24 192.168.0.0/16 192.175.48.0/24 198.18.0.0/15"),
        .. Ranges("198.51.100.0/24 203.0.113.0/24 240.0.0.0/4 168.63.129.16/32"),
        .. Ranges("::/96 ::ffff:0:0:0/96 64:ff9b::/96 64:ff9b:1::/48 100::/64 100:0:0:1::/64 2001::/23 2001:db8::/32"),
        .. Ranges("2620:4f:8000::/48 3fff::/20 5f00::/16 fc00::/7 fe80::/10 fec0::/10"),
    ];

    /// <summary>What is refused whatever the operator says.</summary>
    public static IReadOnlyList<AddressRange> Unallowable => Never;

    /// <summary>What is refused unless the operator allows it.</summary>
    public static IReadOnlyList<AddressRange> RefusedByDefault => SpecialPurpose;

    /// <summary>All of it is this machine, though interfaces list one address of it.</summary>
    static readonly AddressRange Loopback = AddressRange.Parse("127.0.0.0/8");

    static readonly AddressRange Loopback6 = AddressRange.Parse("::1");

    readonly AddressSet _deniedIPv4;
    readonly AddressSet _deniedIPv6;
    readonly AddressSet _ownIPv4;
    readonly AddressSet _ownIPv6;
    readonly LiveRelays _process;

    public PeerPolicy(TurnSettings settings, TurnLedger ledger)
    {
        _deniedIPv4 = Denied(IPFamily.IPv4, settings);
        _deniedIPv6 = Denied(IPFamily.IPv6, settings);
        var own = Own(settings);
        _ownIPv4 = AddressSet.Of(IPFamily.IPv4, own, [], []);
        _ownIPv6 = AddressSet.Of(IPFamily.IPv6, own, [], []);
        _process = ledger.Process;
        _process.Listen(settings.OwnListeners.SelectMany(listener => Names(listener, settings.Relays)).Select(Unscoped));
    }

    /// <summary>Whether an address may be a peer at some port: what a permission is asked for.</summary>
    public bool AllowsAddress(in TransportAddress peer, Allowance? allowance = null)
    {
        if (allowance?.Admits(peer) == false) return false;
        if (!AllowsOne(peer)) return false;
        foreach (var inner in EmbeddedIPv4.In(peer))
            if (!AllowsOne(TransportAddress.IPv4(inner, 0)))
                return false;
        return peer.Family != IPFamily.None;
    }

    /// <summary>Whether an address and port may be a peer at this moment.</summary>
    public bool Allows(in TransportAddress peer, Allowance? allowance = null, bool isTcp = false) =>
        TryAdmit(peer, allowance, out _, isTcp);

    /// <summary>As <see cref="Allows"/>, and what the answer hangs on from then on.</summary>
    internal bool TryAdmit(in TransportAddress peer, Allowance? allowance, out Admission admission, bool isTcp = false)
    {
        admission = default;
        // No datagram has port 0 for its source or its destination (RFC 8085 §5.1).
        if (peer.Port == 0 || !AllowsAddress(peer, allowance) || !TryAdmitPort(Unscoped(peer), isTcp, ref admission)) return false;
        foreach (var inner in EmbeddedIPv4.In(peer))
            if (!TryAdmitPort(TransportAddress.IPv4(inner, peer.Port), isTcp, ref admission))
                return false;
        return true;
    }

    /// <summary>What a client is told about a peer; null when its address is fine.</summary>
    /// <param name="hasFamily">Whether the allocation has a relayed address of the peer's family.</param>
    /// <param name="peer">Its port says nothing.</param>
    /// <param name="allowance">Of the client's credential.</param>
    /// <remarks>An IPv4 address in an IPv6 form is forbidden before it is of the wrong family.</remarks>
    internal ErrorCode? Refusal(bool hasFamily, in TransportAddress peer, Allowance? allowance)
    {
        if (!hasFamily && !EmbeddedIPv4.In(peer).MoveNext()) return ErrorCode.PeerAddressFamilyMismatch;
        if (!AllowsAddress(peer, allowance)) return ErrorCode.Forbidden;
        return hasFamily ? null : ErrorCode.PeerAddressFamilyMismatch;
    }

    /// <summary>Whether an address is a tunnel's, from which a client may not come to make an allocation or a channel.</summary>
    /// <remarks>RFC 8656 §21.4: "a TURN server MUST NOT accept Teredo or 6to4 addresses in these requests".</remarks>
    public static bool IsTunnel(in TransportAddress client) =>
        client.Family == IPFamily.IPv6 && (client.AddressBits >> 96 == 0x2001_0000 || client.AddressBits >> 112 == 0x2002);

    bool AllowsOne(in TransportAddress peer)
    {
        var (denied, own) = peer.Family == IPFamily.IPv4 ? (_deniedIPv4, _ownIPv4) : (_deniedIPv6, _ownIPv6);
        if (denied.Contains(peer.AddressBits)) return false;
        return !own.Contains(peer.AddressBits) || _process.TryGet(Unscoped(peer), out _);
    }

    /// <summary>The last two rules, which want the port known.</summary>
    bool TryAdmitPort(in TransportAddress peer, bool isTcp, ref Admission admission)
    {
        if (_process.IsListener(peer)) return false;
        if (Loopback.Contains(peer) && _process.IsListener(TransportAddress.IPv4(0, peer.Port))) return false;
        if (_process.TryGet(peer, out var ports)) admission = new(ports, peer.Port, isTcp);
        return admission.Stands;
    }

    /// <summary>This machine's addresses, but for those that the operator names one by one, and for loopback, which is among the
    /// special-purpose blocks.</summary>
    static AddressRange[] Own(TurnSettings settings) =>
    [
        .. settings.OwnAddresses.Where(own => !Loopback.Contains(own)).Select(own => AddressRange.Single(Unscoped(own)))
            .Where(own => own != Loopback6 && !settings.AllowPeers.Contains(own)),
    ];

    static AddressSet Denied(IPFamily family, TurnSettings settings) =>
        AddressSet.Of(family, SpecialPurpose, [.. settings.AllowPeers], [.. settings.DenyPeers, .. Never]);

    /// <summary>A listener, and what it is called outside a NAT.</summary>
    static IEnumerable<TransportAddress> Names(TransportAddress listener, IEnumerable<RelayAddress> relays) =>
        relays.Where(relay => relay.Local.SameAddress(listener)).Select(relay => relay.Public.WithPort(listener.Port)).Prepend(listener);

    /// <summary>A zone says through which interface, not who.</summary>
    static TransportAddress Unscoped(TransportAddress address) =>
        address.Family == IPFamily.IPv6 ? TransportAddress.IPv6(address.AddressBits, address.Port) : address;

    static IEnumerable<AddressRange> Ranges(string text) => text.Split(' ').Select(AddressRange.Parse);
}
