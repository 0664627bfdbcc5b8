using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Permissions (RFC 8656 §9, §10).</summary>
static class Permissions
{
    [Check("8656 9")]
    public static void A_peer_without_permission_does_not_reach_the_client(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        peer.Send(client.Relayed, "without");
        client.MustHearNothing();
        client.Permit(peer.Address);
        peer.Send(client.Relayed, "with");
        client.MustHear("with", peer.Address);
    }

    [Check("8656 10.2")]
    public static void A_permission_is_for_an_address_whatever_the_port(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(new IPEndPoint(peer.Address.Address, peer.Address.Port ^ 1));
        peer.Send(client.Relayed, "from another port");
        client.MustHear("from another port", peer.Address);
    }

    [Check("8656 9")]
    public static void A_permission_is_for_one_address_alone(Trial t)
    {
        var client = t.Allocated();
        var (peer, other) = (t.Peer(), t.OtherPeer());
        client.Permit(peer.Address);
        other.Send(client.Relayed, "from another address");
        peer.Send(client.Relayed, "from the peer");
        client.MustHear("from the peer", peer.Address);
        client.SendTo(other.Address, "to another address");
        client.Permit(other.Address);
        client.SendTo(other.Address, "with permission");
        other.MustHear("with permission", client.Relayed);
    }

    [Check("8656 9")]
    public static void A_permission_counts_for_its_own_allocation_alone(Trial t)
    {
        var (client, other) = (t.Allocated(), t.Allocated());
        var peer = t.Peer();
        other.Permit(peer.Address);
        peer.Send(client.Relayed, "not permitted here");
        client.MustHearNothing();
        peer.Send(other.Relayed, "permitted there");
        other.MustHear("permitted there", peer.Address);
    }

    [Check("8656 10.2")]
    public static void One_request_permits_several_peers(Trial t)
    {
        var client = t.Allocated();
        var (peer, other) = (t.Peer(), t.OtherPeer());
        client.Permit(peer.Address, other.Address);
        client.SendTo(peer.Address, "one");
        client.SendTo(other.Address, "two");
        peer.MustHear("one", client.Relayed);
        other.MustHear("two", client.Relayed);
    }

    [Check("8656 10.2")]
    public static void Without_a_peer_it_is_answered_400(Trial t) =>
        t.Allocated().AskSigned(() => new Outgoing(Method.CreatePermission)).MustBe(400);

    [Check("8656 10.2")]
    public static void With_a_malformed_peer_it_is_answered_400(Trial t) =>
        t.Allocated().AskSigned(() => new Outgoing(Method.CreatePermission).Add(Attr.XorPeerAddress, [0, Family.IPv4, 1, 2])).MustBe(400);

    [Check("8656 10.2", Needs.DeniedPeer)]
    public static void A_peer_that_is_not_allowed_is_answered_403(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.PermissionRequest(new IPEndPoint(t.Target.DeniedPeer!, 9))).MustBe(403);

    [Check("8656 10.2", Needs.DeniedPeer)]
    public static void A_request_that_is_refused_for_one_peer_permits_none(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.AskSigned(() => TurnClient.PermissionRequest(peer.Address, new(t.Target.DeniedPeer!, 9))).MustBe(403);
        client.SendTo(peer.Address, "without permission");
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "with permission");
        peer.MustHear("with permission", client.Relayed);
    }

    [Check("8656 9", Needs.Slow)]
    public static void A_permission_lasts_for_five_minutes_and_no_longer(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        Pause.For(TimeSpan.FromSeconds(285));
        peer.Send(client.Relayed, "in time");
        client.MustHear("in time", peer.Address);
        Pause.For(TimeSpan.FromSeconds(30));
        peer.Send(client.Relayed, "too late");
        client.MustHearNothing();
    }
}
