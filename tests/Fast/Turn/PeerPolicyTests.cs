using System.Collections.Immutable;
using System.Net;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Which peers are allowed, by default and by what an operator says.</summary>
public class PeerPolicyTests
{
    static PeerPolicy Policy(string allow = "", string deny = "", params string[] listeners)
    {
        var settings = TurnStand.Ordinary with
        {
            AllowPeers = Ranges(allow),
            DenyPeers = Ranges(deny),
            OwnListeners = [.. listeners.Select(TurnStand.IP)],
        };
        return new(settings, new(settings));
    }

    static ImmutableArray<AddressRange> Ranges(string text) =>
        [.. text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(AddressRange.Parse)];

    static TransportAddress At(string address, ushort port = 9) =>
        TransportAddress.FromBytes(IPAddress.Parse(address).GetAddressBytes(), port);

    public static TheoryData<string> Forbidden =>
    [
        // What scanners of TURN servers try first.
        "0.0.0.0", "::", "127.0.0.1", "127.0.0.8", "127.255.255.254", "::1", "10.0.0.1", "10.255.255.254", "172.16.0.1",
        "172.31.255.254", "192.168.0.1", "192.168.255.254", "169.254.0.1", "169.254.254.255", "224.0.0.1", "239.255.255.254",
        "100.64.0.0", "100.127.255.254", "192.0.0.1", "192.0.0.254", "192.0.2.1", "192.0.2.254", "198.18.0.1", "198.19.255.254",
        "198.51.100.1", "198.51.100.254", "203.0.113.1", "203.0.113.254", "240.0.0.1", "255.255.255.255", "169.254.169.254",
        // Metadata of clouds: Azure, Alibaba, Oracle; AWS and Google by IPv6.
        "168.63.129.16", "64:ff9b::168.63.129.16", "100.100.100.200", "192.0.0.192", "fd00:ec2::254", "fd20:ce::254",
        // The rest of the registries.
        "0.255.255.255", "192.31.196.1", "192.52.193.1", "192.88.99.1", "192.175.48.1", "64:ff9b::808:808", "64:ff9b:1::808:808",
        "100::1", "100:0:0:1::1", "2001::1", "2001:1ff:ffff::1", "2001:db8::1", "2002:808:808::1", "2620:4f:8000::1",
        "3fff::1", "5f00::1", "fc00::1", "fdff:ffff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ffff::1",
        // IPv4 in IPv6, where the IPv4 address itself would be fine.
        "::ffff:8.8.8.8", "::8.8.8.8", "::ffff:0:8.8.8.8",
        // ISATAP under a prefix that is fine.
        "2606:4700::5efe:10.0.0.1", "2606:4700::200:5efe:127.0.0.1",
    ];

    [Theory]
    [MemberData(nameof(Forbidden))]
    public void Special_purpose_addresses_are_forbidden_by_default(string address) => Assert.False(Policy().Allows(At(address)));

    [Theory]
    [InlineData("8.8.8.8")]
    [InlineData("9.255.255.255")]
    [InlineData("11.0.0.0")]
    [InlineData("100.63.255.255")]
    [InlineData("100.128.0.0")]
    [InlineData("172.15.255.255")]
    [InlineData("172.32.0.0")]
    [InlineData("223.255.255.255")]
    [InlineData("2606:4700::1")]
    [InlineData("2001:4860:4860::8888")]
    [InlineData("2001:200::1")]
    [InlineData("2606:4700::5efe:8.8.8.8")]
    [InlineData("4000::1")]
    public void Ordinary_addresses_are_allowed_up_to_the_edges_of_the_blocks(string address) =>
        Assert.True(Policy().Allows(At(address)));

    [Fact]
    public void An_allowed_range_is_taken_out_of_the_list_and_makes_nothing_else_forbidden()
    {
        var policy = Policy(allow: "10.1.0.0/16");
        Assert.True(policy.Allows(At("10.1.0.0")));
        Assert.True(policy.Allows(At("10.1.255.255")));
        Assert.False(policy.Allows(At("10.0.255.255")));
        Assert.False(policy.Allows(At("10.2.0.0")));
        Assert.True(policy.Allows(At("8.8.8.8")));
    }

    [Fact]
    public void What_is_denied_stays_denied_whatever_is_allowed()
    {
        var policy = Policy(allow: "127.0.0.0/8 8.8.0.0/16", deny: "127.0.0.1 8.8.8.0/24");
        Assert.True(policy.Allows(At("127.0.0.2")));
        Assert.False(policy.Allows(At("127.0.0.1")));
        Assert.False(policy.Allows(At("8.8.8.8")));
        Assert.True(policy.Allows(At("8.8.9.8")));
    }

    [Theory]
    [InlineData("8.8.8.8", "2606:4700::5efe:8.8.8.8")]
    [InlineData("8.8.8.8", "64:ff9b::8.8.8.8")]
    [InlineData("8.8.8.8", "64:ff9b:1::8.8.8.8")]
    [InlineData("8.8.8.8", "64:ff9b:1:808:8:800::")]
    [InlineData("8.8.8.8", "::ffff:0:8.8.8.8")]
    public void A_denied_IPv4_address_is_denied_in_every_IPv6_form_that_is_allowed(string denied, string form)
    {
        Assert.True(Policy(allow: "::/0").Allows(At(form)), "the form itself is allowed");
        Assert.False(Policy(allow: "::/0", deny: denied).Allows(At(form)));
        Assert.True(Policy(allow: "::/0", deny: "9.9.9.9").Allows(At(form)));
    }

    [Theory]
    [InlineData("0.0.0.0")]
    [InlineData("0.1.2.3")]
    [InlineData("::")]
    [InlineData("224.0.0.1")]
    [InlineData("255.255.255.255")]
    [InlineData("ff02::1")]
    [InlineData("::ffff:8.8.8.8")]
    [InlineData("2002:808:808::1")]
    [InlineData("2001:0:53aa:64c::1")]
    public void Some_addresses_cannot_be_allowed(string address) =>
        Assert.False(Policy(allow: "0.0.0.0/0 ::/0").Allows(At(address)));

    [Fact]
    public void A_listening_port_of_this_process_is_never_a_peer_in_any_form()
    {
        var policy = Policy(allow: "127.0.0.0/8 ::/0", listeners: ["127.0.0.1:9641", "9.9.9.9:3478", "[2606:4700::1]:443"]);
        Assert.False(policy.Allows(At("127.0.0.1", 9641)));
        Assert.True(policy.Allows(At("127.0.0.1", 9642)));
        Assert.False(policy.Allows(At("9.9.9.9", 3478)));
        Assert.False(policy.Allows(At("64:ff9b::9.9.9.9", 3478)));
        Assert.True(policy.Allows(At("64:ff9b::9.9.9.9", 3479)));
        Assert.False(policy.Allows(TransportAddress.IPv6(At("2606:4700::1").AddressBits, 443, scope: 3)));
        Assert.False(policy.Allows(At("9.9.9.9", 0)));
        // Where no port is said, as in CreatePermission, the address is fine.
        Assert.True(policy.AllowsAddress(At("9.9.9.9", 3478)));
    }

    [Fact]
    public void The_port_of_a_wildcard_listener_is_no_peer_at_any_loopback_address()
    {
        var policy = Policy(allow: "127.0.0.0/8 ::/0", listeners: ["0.0.0.0:3478", "127.0.0.1:3478"]);
        Assert.False(policy.Allows(At("127.0.0.2", 3478)));
        Assert.False(policy.Allows(At("127.255.255.254", 3478)));
        Assert.False(policy.Allows(At("64:ff9b::127.0.0.2", 3478)));
        Assert.True(policy.Allows(At("127.0.0.2", 3479)));
        Assert.True(policy.Allows(At("9.9.9.9", 3478)));
        Assert.True(Policy(allow: "127.0.0.0/8", listeners: ["127.0.0.1:3478"]).Allows(At("127.0.0.2", 3478)));
    }

    [Fact]
    public void A_relay_address_of_this_server_is_a_peer_only_at_ports_that_live_allocations_hold()
    {
        var settings = TurnStand.Ordinary with
        {
            Relays = [new(TurnStand.IP("10.0.0.9:0"), TurnStand.IP("198.41.0.9:0"))],
            AllowPeers = Ranges("10.0.0.0/8"),
        };
        var stand = new TurnStand(settings);
        var (alice, bob) = (new TurnClient(stand), new TurnClient(stand, "203.0.113.5:5", "bob", "builder"));
        alice.Allocate();
        var port = bob.Allocate().Relayed.Port;
        var free = (ushort)(port == 65535 ? port - 1 : port + 1);

        foreach (var own in new[] { "10.0.0.9", "198.41.0.9" })
        {
            var number = (ushort)(own[0] == '1' && own[1] == '0' ? 0x4000 : 0x4001);
            Assert.Equal(0, alice.Permit($"{own}:0").Code);
            Assert.Equal(403, alice.Bind(0x4002, $"{own}:{free}").Code);
            Assert.Equal(0, alice.Bind(number, $"{own}:{port}").Code);
            Assert.Equal(ForwardKind.ToPeer, alice.Data(number, "x").Forward.Kind);
            Assert.Equal(ForwardKind.ToPeer, alice.SendTo($"{own}:{port}", "x").Forward.Kind);
            Assert.Equal(DropReason.ForbiddenPeer, alice.SendTo($"{own}:{free}", "x").Forward.Reason);
        }

        var relay = stand.Asked.First().Relay;
        Assert.Equal(ForwardKind.ToClient, stand.FromPeer(relay, TurnStand.IP($"10.0.0.9:{port}"), "x"u8).Forward.Kind);
        Assert.Equal(DropReason.ForbiddenPeer, stand.FromPeer(relay, TurnStand.IP($"10.0.0.9:{free}"), "x"u8).Forward.Reason);

        // When bob hangs up, his port is closed to alice at once, channel or not.
        bob.Refresh(0);
        Assert.Equal(DropReason.ForbiddenPeer, alice.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer, alice.SendTo($"10.0.0.9:{port}", "x").Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer, stand.FromPeer(relay, TurnStand.IP($"10.0.0.9:{port}"), "x"u8).Forward.Reason);
    }

    [Fact]
    public void Servers_of_one_process_on_one_relay_address_admit_each_others_live_relays_and_no_other_port_there()
    {
        LiveRelays shared = new();
        var (one, other, stranger) = (Stand(shared, 1), Stand(shared, 2), Stand(new(), 3));
        var (alice, bob) = (new TurnClient(one), new TurnClient(other, "203.0.113.5:5", "bob", "builder"));
        alice.Allocate();
        var bobs = bob.Allocate().Relayed;
        Assert.Equal(0, alice.Bind(0x4000, $"{bobs}").Code);
        Assert.Equal(ForwardKind.ToPeer, alice.Data(0x4000, "x").Forward.Kind);
        var carol = new TurnClient(stranger);
        carol.Allocate();
        Assert.Equal(403, carol.Bind(0x4000, $"{bobs}").Code);

        // When bob hangs up at his server, his port is closed at hers.
        bob.Refresh(0);
        Assert.Equal(DropReason.ForbiddenPeer, alice.Data(0x4000, "x").Forward.Reason);
        Assert.Equal(403, alice.Bind(0x4000, $"{bobs}").Code);

        // By chance, each another port, as the system would have it.
        static TurnStand Stand(LiveRelays live, ulong seed) =>
            new(TurnStand.Ordinary, ledger: new(TurnStand.Ordinary, live), seed: seed);
    }

    [Fact]
    public void Where_a_server_of_the_process_begins_to_listen_later_no_server_has_a_peer_from_then_on()
    {
        LiveRelays shared = new();
        PeerPolicy policy = new(TurnStand.Ordinary, new(TurnStand.Ordinary, shared));
        var peer = TurnStand.IP("9.9.9.9:2224");
        Assert.True(policy.Allows(peer));
        var gateway = TurnStand.Ordinary with { OwnListeners = [peer] };
        Assert.False(new PeerPolicy(gateway, new(gateway, shared)).Allows(peer));
        Assert.False(policy.Allows(peer));
        Assert.True(policy.Allows(TurnStand.IP("9.9.9.9:2225")));
    }

    [Fact]
    public void Addresses_of_this_machine_are_no_peers_unless_named_one_by_one_or_relays()
    {
        var settings = TurnStand.Ordinary with
        {
            OwnAddresses = [.. new[] { "198.41.0.4:0", "9.9.9.1:0", "9.9.9.2:0", "[2606:4700::1]:0", "127.0.0.1:0" }.Select(TurnStand.IP)],
            AllowPeers = Ranges("9.9.9.0/24 9.9.9.2 127.0.0.0/8"),
        };
        LiveRelays shared = new();
        PeerPolicy policy = new(settings, new(settings, shared));
        foreach (var own in new[] { "9.9.9.1", "2606:4700::1", "64:ff9b::9.9.9.1", "2606:4701::5efe:9.9.9.1" })
            Assert.False(policy.AllowsAddress(At(own)), own);
        foreach (var other in new[] { "9.9.9.2", "9.9.9.3", "2606:4700::2", "127.0.0.1", "198.41.0.4" })
            Assert.True(policy.AllowsAddress(At(other)), other);
        // The relay address of another server of this process, which began later.
        _ = new TurnLedger(settings with { Relays = [new(TurnStand.IP("9.9.9.1:0"))] }, shared);
        Assert.True(policy.AllowsAddress(At("9.9.9.1")));
        Assert.False(policy.Allows(At("9.9.9.1", 22)));
    }

    [Theory]
    [InlineData("10.0.0.0/8", "10.0.0.0/8")]
    [InlineData("10.9.8.7/8", "10.0.0.0/8")]
    [InlineData("10.9.8.7", "10.9.8.7/32")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0")]
    [InlineData("::/0", "::/0")]
    [InlineData("fc00::/7", "fc00::/7")]
    [InlineData("2001:db8::1", "2001:db8::1/128")]
    [InlineData("::ffff:10.0.0.0/104", "10.0.0.0/8")]
    public void A_block_of_addresses_is_read_and_said_in_short(string text, string said) =>
        Assert.Equal(said, AddressRange.Parse(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData("10.0.0.0/33")]
    [InlineData("10.0.0.0/-1")]
    [InlineData("10.0.0.0/")]
    [InlineData("10.0.0.0/8/8")]
    [InlineData("10.0.0/8")]
    [InlineData("127.1")]
    [InlineData("::/129")]
    [InlineData("fe80::1%1/64")]
    [InlineData("example.net")]
    [InlineData("::ffff:10.0.0.0/8")]
    [InlineData("0x7f.0.0.1")]
    [InlineData("010.0.0.1")]
    public void What_is_no_block_of_addresses_is_not_read(string text) => Assert.False(AddressRange.TryParse(text, out _));

    [Fact]
    public void A_set_of_blocks_holds_what_a_look_at_each_block_finds()
    {
        var genRange = Gen.Select(Gen.UInt[0, 4095], Gen.Int[20, 32],
            (address, prefix) => AddressRange.Of(TransportAddress.IPv4(address, 0), prefix));
        Gen.Select(genRange.Array[0, 6], genRange.Array[0, 6], genRange.Array[0, 3]).Sample((ranges, holes, always) =>
        {
            var set = AddressSet.Of(IPFamily.IPv4, ranges, holes, always);
            for (uint i = 0; i < 4200; i += 7)
            {
                var address = TransportAddress.IPv4(i, 0);
                bool In(AddressRange[] list) => Array.Exists(list, range => range.Contains(address));
                Assert.Equal(In(always) || (In(ranges) && !In(holes)), set.Contains(i));
            }
        }, iter: 150);
    }
}
