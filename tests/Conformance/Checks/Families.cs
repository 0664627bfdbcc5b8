using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Which family a relayed address is of (RFC 8656 §7.2 steps 5 to 9), and two at once.</summary>
static class Families
{
    [Check("8656 7.2")]
    public static void Without_a_family_the_relayed_address_is_of_IPv4(Trial t) => MustBeOf(Family.IPv4, t.Allocated());

    [Check("8656 7.2")]
    public static void IPv4_is_given_where_it_is_asked_for(Trial t)
    {
        var client = t.Challenged();
        client.Allocate(TurnClient.AllocateRequest().AddByte(Attr.RequestedAddressFamily, Family.IPv4));
        MustBeOf(Family.IPv4, client);
    }

    [Check("8656 7.2", Needs.Ipv6Relay)]
    public static void IPv6_is_given_where_it_is_asked_for(Trial t) => MustBeOf(Family.IPv6, OfIPv6(t));

    [Check("8656 7.2", Needs.Ipv4Only)]
    public static void A_family_that_the_server_does_not_relay_is_answered_440(Trial t) =>
        t.Challenged(at: t.Target.Ipv4Only)
            .AskSigned(TurnClient.AllocateRequest().AddByte(Attr.RequestedAddressFamily, Family.IPv6)).MustBe(440);

    [Check("8656 7.2", Needs.Ipv6Only)]
    public static void Without_a_family_a_server_that_relays_IPv6_alone_answers_440(Trial t) =>
        t.Challenged(at: t.Target.Ipv6Only).AskSigned(() => TurnClient.AllocateRequest()).MustBe(440);

    [Check("8656 7.2")]
    public static void A_family_that_nobody_knows_is_answered_440(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().AddByte(Attr.RequestedAddressFamily, 7)).MustBe(400, 440);

    [Check("8656 18.6")]
    public static void The_reserved_bytes_of_REQUESTED_ADDRESS_FAMILY_are_ignored(Trial t) =>
        t.Challenged().Allocate(TurnClient.AllocateRequest().Add(Attr.RequestedAddressFamily, [Family.IPv4, 0xFF, 0xFF, 0xFF]));

    [Check("8656 7.2", Needs.Dual)]
    public static void REQUESTED_and_ADDITIONAL_ADDRESS_FAMILY_together_are_answered_400(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().AddByte(Attr.RequestedAddressFamily, Family.IPv4)
            .AddByte(Attr.AdditionalAddressFamily, Family.IPv6)).MustBe(400);

    [Check("8656 7.2", Needs.Dual)]
    public static void ADDITIONAL_ADDRESS_FAMILY_of_IPv4_is_answered_400(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().AddByte(Attr.AdditionalAddressFamily, Family.IPv4)).MustBe(400);

    [Check("8656 7.2", Needs.Dual)]
    public static void ADDITIONAL_ADDRESS_FAMILY_and_a_reserving_EVEN_PORT_are_answered_400(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().AddByte(Attr.AdditionalAddressFamily, Family.IPv6)
            .Add(Attr.EvenPort, [0x80])).MustBe(400);

    [Check("8656 7.2", Needs.Dual | Needs.Ipv6Relay)]
    public static void A_dual_allocation_has_one_relayed_address_of_each_family(Trial t)
    {
        var response = Dual(t.Challenged());
        var relayed = response.Addresses(Attr.XorRelayedAddress);
        Require(relayed.Select(address => address.Address.GetAddressBytes().Length).Order().SequenceEqual([4, 16]),
            $"the relayed addresses are {string.Join(" and ", relayed)}");
    }

    [Check("8656 7.2", Needs.Dual | Needs.Ipv4Only)]
    public static void A_dual_allocation_that_is_half_served_says_why_in_ADDRESS_ERROR_CODE(Trial t)
    {
        var response = Dual(t.Challenged(at: t.Target.Ipv4Only));
        var error = response.MustHave(Attr.AddressErrorCode, "ADDRESS-ERROR-CODE").Get(Attr.AddressErrorCode)!;
        Require(error.Length > 4 && error[0] == Family.IPv6, $"ADDRESS-ERROR-CODE is {Convert.ToHexString(error)}, not of IPv6");
        Require((error[2] & 7) * 100 + error[3] is 440 or 508, $"ADDRESS-ERROR-CODE has {(error[2] & 7) * 100 + error[3]}");
        Require(error[1] == 0 && error[2] >> 3 == 0, "the reserved bits of ADDRESS-ERROR-CODE are not zero");
        Messages.MustBeText(error.AsSpan(4), 127, "the reason phrase of ADDRESS-ERROR-CODE");
    }

    [Check("8656 7.2", Needs.Dual | Needs.Ipv6Relay)]
    public static void Both_halves_of_a_dual_allocation_relay(Trial t)
    {
        var (one, other) = (t.Challenged(), t.Challenged());
        var (ofOne, ofOther) = (HalfOfIPv6(Dual(one)), HalfOfIPv6(Dual(other)));
        var peer = t.Peer();
        one.Permit(peer.Address, ofOther);
        other.Permit(ofOne);
        one.SendTo(ofOther, "by IPv6");
        other.MustHear("by IPv6", ofOne);
        one.SendTo(peer.Address, "by IPv4");
        Require(peer.Receive().From.Address.GetAddressBytes().Length == 4, "the peer heard something else");
    }

    [Check("8656 8.1", Needs.Dual | Needs.Ipv6Relay)]
    public static void Deleting_one_half_of_a_dual_allocation_leaves_the_other_with_its_permissions(Trial t)
    {
        var client = t.Challenged();
        Dual(client);
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.AskSigned(() => TurnClient.RefreshRequest(0).AddByte(Attr.RequestedAddressFamily, Family.IPv6)).MustSucceed();
        client.SendTo(peer.Address, "still here");
        Require(System.Text.Encoding.ASCII.GetString(peer.Receive().Payload) == "still here", "the peer heard something else");
        client.AskSigned(() => TurnClient.PermissionRequest(new IPEndPoint(IPAddress.IPv6Loopback, 9))).MustBe(443);
    }

    [Check("8656 8.2")]
    public static void A_Refresh_of_another_family_is_answered_443(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.RefreshRequest(600).AddByte(Attr.RequestedAddressFamily, Family.IPv6)).MustBe(443);

    [Check("8656 8.2")]
    public static void A_Refresh_of_the_same_family_succeeds(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.RefreshRequest(600).AddByte(Attr.RequestedAddressFamily, Family.IPv4)).MustSucceed();

    [Check("8656 10.2")]
    public static void A_permission_for_another_family_is_answered_443(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.PermissionRequest(new IPEndPoint(IPAddress.Parse("2001:4860:4860::8888"), 9))).MustBe(443);

    [Check("8656 12.2")]
    public static void A_channel_to_another_family_is_answered_443(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.ChannelRequest(0x4000, new(IPAddress.Parse("2001:4860:4860::8888"), 9))).MustBe(443);

    [Check("8656 21.4", Needs.Ipv6Relay)]
    public static void A_tunnel_of_6to4_or_Teredo_is_no_peer(Trial t)
    {
        var client = OfIPv6(t);
        foreach (var address in new[] { "2002:7f00:2::1", "2001:0:7f00:2::1" })
        {
            client.AskSigned(() => TurnClient.PermissionRequest(new IPEndPoint(IPAddress.Parse(address), 9))).MustBe(403);
            client.AskSigned(() => TurnClient.ChannelRequest(0x4000, new(IPAddress.Parse(address), 9))).MustBe(403);
        }
    }

    [Check("8656 11.2", Needs.Ipv6Relay)]
    public static void Two_relays_of_IPv6_are_each_others_peers(Trial t)
    {
        var (one, other) = (OfIPv6(t), OfIPv6(t));
        one.Permit(other.Relayed);
        other.Permit(one.Relayed);
        one.SendTo(other.Relayed, "by IPv6");
        other.MustHear("by IPv6", one.Relayed);
    }

    static TurnClient OfIPv6(Trial t)
    {
        var client = t.Challenged();
        client.Allocate(TurnClient.AllocateRequest().AddByte(Attr.RequestedAddressFamily, Family.IPv6));
        return client;
    }

    static Incoming Dual(TurnClient client) =>
        client.Allocate(TurnClient.AllocateRequest().AddByte(Attr.AdditionalAddressFamily, Family.IPv6));

    static IPEndPoint HalfOfIPv6(Incoming response) =>
        response.Addresses(Attr.XorRelayedAddress).FirstOrDefault(address => address.Address.GetAddressBytes().Length == 16)
        ?? throw new CheckFailedException("there is no relayed address of IPv6");

    static void MustBeOf(byte family, TurnClient client) => Require(
        client.Relayed.Address.GetAddressBytes().Length == (family == Family.IPv4 ? 4 : 16), $"the relayed address is {client.Relayed}");
}
