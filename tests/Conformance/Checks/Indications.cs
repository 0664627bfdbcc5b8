using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Send and Data indications (RFC 8656 §11).</summary>
static class Indications
{
    [Check("8656 11.2")]
    public static void A_Send_indication_goes_to_its_peer_from_the_relayed_address(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "hello");
        peer.MustHear("hello", client.Relayed);
    }

    [Check("8656 11.2")]
    public static void A_Send_indication_without_permission_is_dropped_and_makes_none(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.SendTo(peer.Address, "without");
        client.SendTo(peer.Address, "without, again");
        client.MustHearNothing();
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "with");
        peer.MustHear("with", client.Relayed);
    }

    [Check("8656 11.2")]
    public static void A_Send_indication_without_peer_or_data_is_dropped(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.Send(new Outgoing(Method.Send, Class.Indication).Add(Attr.Data, "without peer"));
        client.Send(new Outgoing(Method.Send, Class.Indication).AddAddress(Attr.XorPeerAddress, peer.Address));
        client.MustHearNothing();
        client.SendTo(peer.Address, "whole");
        peer.MustHear("whole", client.Relayed);
    }

    [Check("8489 6.3.2")]
    public static void A_Send_indication_with_an_unknown_required_attribute_is_dropped(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.Send(new Outgoing(Method.Send, Class.Indication).AddAddress(Attr.XorPeerAddress, peer.Address)
            .Add(Attr.Data, "not understood").Add(Attr.UnknownRequired, "what"u8));
        client.MustHearNothing();
        client.SendTo(peer.Address, "understood");
        peer.MustHear("understood", client.Relayed);
    }

    [Check("8656 11.2")]
    public static void A_Send_indication_of_no_data_is_an_empty_datagram(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.SendTo(peer.Address, "");
        peer.MustHear("", client.Relayed);
    }

    [Check("8656 11.2")]
    public static void DONT_FRAGMENT_counts_in_a_Send_indication_as_in_Allocate(Trial t)
    {
        var client = t.Challenged();
        var isServed = client.AskSigned(TurnClient.AllocateRequest().Add(Attr.DontFragment, [])).IsSuccess;
        if (!isServed) client.Allocate();
        else client.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed();
        var peer = t.Peer();
        client.Permit(peer.Address);
        client.Send(new Outgoing(Method.Send, Class.Indication).AddAddress(Attr.XorPeerAddress, peer.Address)
            .Add(Attr.DontFragment, []).Add(Attr.Data, "whole or not at all"));
        client.SendTo(peer.Address, "after");
        var heard = System.Text.Encoding.ASCII.GetString(peer.Receive().Payload);
        Require(heard == (isServed ? "whole or not at all" : "after"), $"the peer heard '{heard}'");
    }

    [Check("8656 11.3")]
    public static void What_a_peer_sends_is_a_Data_indication_with_peer_and_data(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        foreach (var text in new[] { "four", "five5", "sixsix", "7 seven", "" })
        {
            peer.Send(client.Relayed, text);
            client.MustHear(text, peer.Address).MustHave(Attr.Data, "DATA");
        }
    }

    [Check("8656 11.3")]
    public static void Large_datagrams_pass_in_both_directions(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Permit(peer.Address);
        var text = new string('x', 1400);
        client.SendTo(peer.Address, text);
        peer.MustHear(text, client.Relayed);
        peer.Send(client.Relayed, text);
        client.MustHear(text, peer.Address);
    }

    [Check("8656 11.5", Needs.Icmp)]
    public static void An_unreachable_peer_is_told_in_a_Data_indication_with_ICMP(Trial t)
    {
        var client = t.Allocated();
        IPEndPoint gone;
        using (var peer = new Peer(t.Target.Peers[0], t.Patience)) gone = peer.Address;
        client.Permit(gone);
        client.SendTo(gone, "nobody hears");
        var data = client.ReceiveData().MustNotHave(Attr.Data, "DATA");
        var icmp = data.MustHave(Attr.Icmp, "ICMP").Get(Attr.Icmp)!;
        // Seven bits of type 3 and nine of code 3, between zeroes.
        Require(icmp is [0, 0, 0x06, 0x03, 0, 0, 0, 0], $"ICMP is {Convert.ToHexString(icmp)}, not type 3 and code 3");
        var about = data.Address(Attr.XorPeerAddress);
        Require(about is not null && about.Address.Equals(gone.Address) && (about.Port == gone.Port || about.Port == 0),
            $"XOR-PEER-ADDRESS is {about}, not {gone}");
    }

    [Check("8656 11.5", Needs.Icmp)]
    public static void An_unreachable_peer_without_permission_is_not_told(Trial t)
    {
        var client = t.Allocated();
        IPEndPoint gone;
        using (var peer = new Peer(t.Target.Peers[0], t.Patience)) gone = peer.Address;
        client.SendTo(gone, "not even sent");
        client.MustHearNothing();
    }
}
