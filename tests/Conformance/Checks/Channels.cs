using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Channels and ChannelData (RFC 8656 §12).</summary>
static class Channels
{
    [Check("8656 12.5")]
    public static void Data_of_a_bound_peer_goes_by_ChannelData_in_both_directions(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4001, peer.Address);
        client.SendOn(0x4001, "to the peer");
        peer.MustHear("to the peer", client.Relayed);
        peer.Send(client.Relayed, "to the client");
        client.MustHearOn(0x4001, "to the client");
    }

    [Check("8656 12.2")]
    public static void A_binding_permits_its_peer_and_Send_indications_still_count(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4FFF, peer.Address);
        client.SendTo(peer.Address, "by Send");
        peer.MustHear("by Send", client.Relayed);
    }

    [Check("8656 12.2")]
    public static void The_whole_range_of_numbers_is_served_and_nothing_beyond_it(Trial t)
    {
        var client = t.Allocated();
        client.Bind(0x4000, t.AnyPeer);
        client.Bind(0x4FFF, new(t.Target.Peers[0], 10));
        foreach (var number in new[] { 0, 0x3FFF, 0x5000, 0x7FFE, 0x7FFF, 0xFFFF })
            client.AskSigned(() => TurnClient.ChannelRequest(number, new(t.Target.Peers[0], 11))).MustBe(400);
    }

    [Check("8656 18.1")]
    public static void The_reserved_bytes_of_CHANNEL_NUMBER_are_ignored(Trial t) =>
        t.Allocated().AskSigned(() => new Outgoing(Method.ChannelBind).Add(Attr.ChannelNumber, 0x4000FFFFu)
            .AddAddress(Attr.XorPeerAddress, t.AnyPeer)).MustSucceed();

    [Check("8656 12.2")]
    public static void A_number_that_is_bound_to_another_peer_is_answered_400(Trial t)
    {
        var client = t.Allocated();
        client.Bind(0x4000, t.AnyPeer);
        client.AskSigned(() => TurnClient.ChannelRequest(0x4000, new(t.AnyPeer.Address, 10))).MustBe(400);
    }

    [Check("8656 12.2")]
    public static void A_peer_that_is_bound_to_another_number_is_answered_400(Trial t)
    {
        var client = t.Allocated();
        client.Bind(0x4000, t.AnyPeer);
        client.AskSigned(() => TurnClient.ChannelRequest(0x4001, t.AnyPeer)).MustBe(400);
    }

    [Check("8656 12.2")]
    public static void The_same_binding_again_succeeds(Trial t)
    {
        var client = t.Allocated();
        client.Bind(0x4000, t.AnyPeer);
        client.Bind(0x4000, t.AnyPeer);
    }

    [Check("8656 12.2")]
    public static void Without_number_or_peer_it_is_answered_400(Trial t)
    {
        var client = t.Allocated();
        client.AskSigned(() => new Outgoing(Method.ChannelBind).AddChannel(0x4000)).MustBe(400);
        client.AskSigned(() => new Outgoing(Method.ChannelBind).AddAddress(Attr.XorPeerAddress, t.AnyPeer)).MustBe(400);
    }

    [Check("8656 12.2", Needs.DeniedPeer)]
    public static void A_peer_that_is_not_allowed_is_answered_403(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.ChannelRequest(0x4000, new(t.Target.DeniedPeer!, 9))).MustBe(403);

    [Check("8656 12.6")]
    public static void ChannelData_of_a_number_that_is_not_bound_is_dropped(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        client.SendOn(0x4001, "not bound");
        client.MustHearNothing();
        client.SendOn(0x4000, "bound");
        peer.MustHear("bound", client.Relayed);
    }

    [Check("8656 12.6", Needs.Datagrams)]
    public static void ChannelData_that_is_shorter_than_it_says_is_dropped(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        client.Send(ChannelData.Write(0x4000, "short"u8, length: 6));
        client.Send(ChannelData.Write(0x4000, "shorter"u8, length: 65535));
        client.MustHearNothing();
        client.SendOn(0x4000, "whole");
        peer.MustHear("whole", client.Relayed);
    }

    [Check("8656 12.5", Needs.Datagrams)]
    public static void Padding_behind_ChannelData_in_a_datagram_is_no_payload(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        client.Send(ChannelData.Write(0x4000, "five5"u8, padding: 3));
        peer.MustHear("five5", client.Relayed);
    }

    [Check("8656 12.5", Needs.Stream)]
    public static void ChannelData_on_a_stream_is_padded_to_four_bytes(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        foreach (var text in new[] { "a", "ab", "abc", "abcd", "abcde" })
        {
            client.SendOn(0x4000, text);
            peer.MustHear(text, client.Relayed);
            peer.Send(client.Relayed, text);
            client.MustHearOn(0x4000, text);
        }

        client.MustHearNothing();
    }

    [Check("8656 12.6")]
    public static void ChannelData_of_no_payload_is_an_empty_datagram(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        client.SendOn(0x4000, "");
        peer.MustHear("", client.Relayed);
    }

    [Check("8656 12.6", Needs.Slow)]
    public static void ChannelData_refreshes_neither_permission_nor_binding(Trial t)
    {
        var client = t.Challenged();
        client.Allocate(TurnClient.AllocateRequest().Add(Attr.Lifetime, 1800));
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        for (var i = 0; i < 63; i++)
        {
            // Ten minutes and a half: the permission ends after five, the binding after ten.
            Pause.For(TimeSpan.FromSeconds(10));
            client.SendOn(0x4000, $"{i}");
            if (i < 27) peer.MustHear($"{i}", client.Relayed);
            if (i != 33) continue;
            peer.Send(client.Relayed, "without permission");
            client.MustHearNothing();
            client.Permit(peer.Address);
        }

        while (peer.TryReceive()) { }
        client.Permit(peer.Address);
        client.SendOn(0x4000, "after the binding");
        client.SendTo(peer.Address, "by Send");
        peer.MustHear("by Send", client.Relayed);
    }
}
