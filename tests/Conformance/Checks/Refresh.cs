using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Refreshing and deleting (RFC 8656 §8).</summary>
static class Refresh
{
    [Check("8656 8.2")]
    public static void A_Refresh_is_answered_with_its_lifetime(Trial t)
    {
        var response = t.Allocated().AskSigned(() => TurnClient.RefreshRequest(900)).MustSucceed();
        Require(response.Number(Attr.Lifetime) is >= 600 and <= 3600, $"the lifetime is {response.Number(Attr.Lifetime)} s");
    }

    [Check("8656 8.2")]
    public static void A_Refresh_for_more_than_an_hour_gets_an_hour_at_most(Trial t)
    {
        var response = t.Allocated().AskSigned(() => TurnClient.RefreshRequest(1_000_000)).MustSucceed();
        Require(response.Number(Attr.Lifetime) is >= 600 and <= 3600, $"the lifetime is {response.Number(Attr.Lifetime)} s");
    }

    [Check("8656 8.2")]
    public static void A_lifetime_of_zero_deletes_the_allocation(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.Delete();
        client.SendTo(peer.Address, "too late");
        client.AskSigned(() => TurnClient.RefreshRequest(600)).MustBe(437);
        // The five-tuple is free again; nothing of before counts.
        client.Allocate();
        client.SendTo(peer.Address, "without permission");
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "with permission");
        peer.MustHear("with permission", client.Relayed);
    }

    [Check("8656 5")]
    public static void Requests_without_an_allocation_are_answered_437(Trial t)
    {
        var client = t.Challenged();
        client.AskSigned(TurnClient.RefreshRequest(600)).MustBe(437);
        client.AskSigned(TurnClient.PermissionRequest(t.AnyPeer)).MustBe(437);
        client.AskSigned(TurnClient.ChannelRequest(0x4000, t.AnyPeer)).MustBe(437);
    }

    [Check("8489 6.3.1", Needs.Datagrams)]
    public static void A_retransmitted_Allocate_gets_the_same_allocation(Trial t)
    {
        var client = t.Challenged();
        var request = client.Sign(TurnClient.AllocateRequest());
        var first = client.Allocated(client.MustAnswer(request));
        var second = client.MustAnswer(request).MustSucceed();
        Require(
            Equals(first.Address(Attr.XorRelayedAddress), second.Address(Attr.XorRelayedAddress)), "the relayed address is another one");
    }

    [Check("8489 6.3.1", Needs.Datagrams)]
    public static void A_retransmitted_reserving_Allocate_gets_the_same_token(Trial t)
    {
        var client = t.Challenged();
        var request = client.Sign(TurnClient.AllocateRequest().Add(Attr.EvenPort, [0x80]));
        var first = client.Allocated(client.MustAnswer(request)).MustHave(Attr.ReservationToken, "RESERVATION-TOKEN");
        var second = client.MustAnswer(request).MustSucceed().MustHave(Attr.ReservationToken, "RESERVATION-TOKEN");
        Require(first.Get(Attr.ReservationToken)!.SequenceEqual(second.Get(Attr.ReservationToken)!), "the token is another one");
    }

    [Check("8489 6.3.1", Needs.Datagrams)]
    public static void A_retransmitted_deletion_is_answered_with_success_or_437(Trial t)
    {
        var client = t.Allocated();
        var request = client.Sign(TurnClient.RefreshRequest(0));
        client.MustAnswer(request).MustSucceed();
        client.Forget();
        var second = client.MustAnswer(request);
        Require(second.IsSuccess || second.Error == 437, $"it is answered with {second}");
    }

    [Check("8489 6.3.1", Needs.Datagrams)]
    public static void Retransmitted_permissions_and_channels_are_granted_again(Trial t)
    {
        var client = t.Allocated();
        Outgoing[] requests = [TurnClient.PermissionRequest(t.AnyPeer), TurnClient.ChannelRequest(0x4000, t.AnyPeer)];
        foreach (var request in requests)
        {
            client.Sign(request);
            client.MustAnswer(request).MustSucceed();
            client.MustAnswer(request).MustSucceed();
        }
    }
}
