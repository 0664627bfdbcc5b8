using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Taking an allocation to another five-tuple (RFC 8016).</summary>
static class Mobility
{
    [Check("8016 3.1.2", Needs.Mobility)]
    public static void An_empty_MOBILITY_TICKET_is_answered_with_a_ticket(Trial t) => Ticket(t, out _);

    [Check("8016 3.1.2", Needs.Mobility)]
    public static void An_Allocate_with_a_ticket_is_answered_400(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().Add(Attr.MobilityTicket, "a ticket"u8)).MustBe(400);

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void A_Refresh_with_the_ticket_from_elsewhere_takes_the_allocation_over(Trial t)
    {
        var ticket = Ticket(t, out var old);
        var peer = t.Peer();
        old.Permit(peer.Address);
        var moved = t.Challenged();
        moved.AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustSucceed();
        old.Forget();
        moved.SendTo(peer.Address, "from elsewhere");
        peer.MustHear("from elsewhere", old.Relayed);
        peer.Send(old.Relayed, "to elsewhere");
        moved.MustHear("to elsewhere", peer.Address);
        moved.Delete();
    }

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void The_answer_to_a_ticket_is_another_ticket(Trial t)
    {
        var ticket = Ticket(t, out var old);
        var moved = t.Challenged();
        var response = moved.AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustSucceed();
        old.Forget();
        Require(!response.MustHave(Attr.MobilityTicket, "MOBILITY-TICKET").Get(Attr.MobilityTicket)!.SequenceEqual(ticket),
            "the new ticket is the old one");
        moved.Delete();
    }

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void The_old_five_tuple_is_served_until_the_new_one_sends(Trial t)
    {
        var ticket = Ticket(t, out var old);
        var peer = t.Peer();
        old.Permit(peer.Address);
        var moved = t.Challenged();
        moved.AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustSucceed();
        old.Forget();
        old.SendTo(peer.Address, "still by the old one");
        peer.MustHear("still by the old one", old.Relayed);
        peer.Send(old.Relayed, "still to the old one");
        old.MustHear("still to the old one", peer.Address);
        moved.SendTo(peer.Address, "now by the new one");
        peer.MustHear("now by the new one", old.Relayed);
        peer.Send(old.Relayed, "now to the new one");
        moved.MustHear("now to the new one", peer.Address);
        moved.Delete();
    }

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void A_ticket_that_the_server_did_not_give_is_answered_400(Trial t)
    {
        var ticket = Ticket(t, out _);
        ticket[^1] ^= 1;
        foreach (var wrong in new[] { ticket, ticket[..^1], "ticket"u8.ToArray() })
            t.Challenged().AskSigned(() => With(wrong, TurnClient.RefreshRequest(600))).MustBe(400);
    }

    [Check("8016 3.2.2", Needs.Mobility | Needs.SecondUser)]
    public static void The_ticket_of_another_user_is_answered_441(Trial t)
    {
        var ticket = Ticket(t, out _);
        t.Challenged(t.Target.SecondUser).AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustBe(441);
    }

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void A_ticket_on_its_own_five_tuple_is_answered_400(Trial t)
    {
        var ticket = Ticket(t, out var client);
        client.AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustBe(400);
    }

    [Check("8016 3.2.2", Needs.Mobility)]
    public static void The_ticket_of_an_allocation_that_is_gone_is_answered_437(Trial t)
    {
        var ticket = Ticket(t, out var client);
        client.Delete();
        t.Challenged().AskSigned(() => With(ticket, TurnClient.RefreshRequest(600))).MustBe(437);
    }

    [Check("8016 5", Needs.Mobility)]
    public static void Tickets_are_long_and_have_nothing_in_common(Trial t)
    {
        var tickets = Enumerable.Range(0, 4).Select(one => Ticket(t, out _)).ToArray();
        // 128 bits are what NIST asks of a secret that nobody guesses.
        Require(tickets.All(ticket => ticket.Length >= 16), $"a ticket has {tickets.Min(ticket => ticket.Length)} bytes");
        var same = Enumerable.Range(0, 16).Count(i => tickets.Select(ticket => ticket[^(i + 1)]).Distinct().Count() == 1);
        Require(same < 4, $"{same} of the last 16 bytes of four tickets are the same");
    }

    [Check("8016 5", Needs.Mobility)]
    public static void A_ticket_does_not_show_the_address_of_its_allocation(Trial t)
    {
        var ticket = Ticket(t, out var client);
        byte[] relayed = [.. client.Relayed.Address.GetAddressBytes(), (byte)(client.Relayed.Port >> 8), (byte)client.Relayed.Port];
        Require(ticket.AsSpan().IndexOf(relayed) < 0, "the relayed address stands in the ticket");
        Require(ticket.AsSpan().IndexOf(System.Text.Encoding.UTF8.GetBytes(client.User.Name)) < 0, "the user's name stands in the ticket");
    }

    [Check("8016 5", Needs.Mobility)]
    public static void A_ticket_without_credentials_moves_nothing(Trial t)
    {
        var ticket = Ticket(t, out _);
        t.Connect().MustAnswer(With(ticket, TurnClient.RefreshRequest(600))).MustBe(401);
        t.Challenged(t.Target.User with { Password = "not this one" }).AskSigned(() => With(ticket, TurnClient.RefreshRequest(600)))
            .MustBe(401, 441);
    }

    [Check("8016 3.1.2")]
    public static void Where_mobility_is_off_an_empty_ticket_is_ignored_or_answered_405(Trial t)
    {
        if (t.Target.Offers.HasFlag(Needs.Mobility)) throw new NotOfferedException("mobility that is off");
        var client = t.Challenged();
        var response = client.AskSigned(() => With([], TurnClient.AllocateRequest()));
        if (!response.IsSuccess) response.MustBe(405);
        else response.MustHave(Attr.XorRelayedAddress, "XOR-RELAYED-ADDRESS").MustNotHave(Attr.MobilityTicket, "MOBILITY-TICKET");
    }

    static byte[] Ticket(Trial t, out TurnClient client)
    {
        client = t.Challenged();
        var ticket = client.Allocate(With([], TurnClient.AllocateRequest())).MustHave(Attr.MobilityTicket, "MOBILITY-TICKET")
            .Get(Attr.MobilityTicket)!;
        Require(ticket.Length > 0, "MOBILITY-TICKET is empty");
        return ticket;
    }

    static Outgoing With(byte[] ticket, Outgoing request) => request.Add(Attr.MobilityTicket, ticket);
}
