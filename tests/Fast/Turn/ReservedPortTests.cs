using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>A reserved port is held by a socket until its client comes (RFC 8656 §7.2).</summary>
public class ReservedPortTests
{
    static readonly TurnClient.Fill Pair = (ref StunWriter w) => w.AddEvenPort(true);

    readonly TurnStand _stand = new();

    [Fact]
    public void One_question_opens_both_ports_or_neither()
    {
        var reply = new TurnClient(_stand).Allocate(Pair);
        var asked = Assert.Single(_stand.Asked);
        Assert.Equal(0, asked.Address.Port % 2);
        Assert.Equal([asked.Relay, asked.Next!.Value], _stand.Opened.OrderBy(relay => relay.Slot));
        Assert.NotNull(reply.Token);
        Assert.Null(new TurnStand().Asked.SingleOrDefault()?.Next);
    }

    [Fact]
    public void An_allocation_without_a_reservation_asks_for_one_socket()
    {
        new TurnClient(_stand).Allocate((ref StunWriter w) => w.AddEvenPort(false));
        Assert.Null(_stand.Asked.Single().Next);
    }

    [Fact]
    public void Who_has_the_token_gets_the_socket_that_holds_the_port_and_nothing_is_opened()
    {
        var token = new TurnClient(_stand).Allocate(Pair).Token!.Value;
        var held = _stand.Asked.Single().Next!.Value;
        var bob = new TurnClient(_stand, "203.0.113.5:5", "bob", "builder");
        var reply = bob.Allocate((ref StunWriter w) => w.AddReservationToken(token));
        Assert.Equal(_stand.Asked.Single().Address.Port + 1, reply.Relayed.Port);
        Assert.Single(_stand.Asked);
        bob.Permit("9.9.9.9:0");
        Assert.Equal(held, bob.SendTo("9.9.9.9:9", "x").Forward.Relay);
        _stand.Pass(60);
        Assert.Empty(_stand.Closed);
        Assert.Equal(0, bob.Refresh(0).Code);
        Assert.Equal(held, Assert.Single(_stand.Closed));
    }

    [Fact]
    public void What_comes_before_its_client_is_heard_by_nobody()
    {
        new TurnClient(_stand).Allocate(Pair);
        Assert.Equal(DropReason.NoRelay,
            _stand.FromPeer(_stand.Asked.Single().Next!.Value, TurnStand.IP("9.9.9.9:9"), "x"u8).Forward.Reason);
    }

    [Fact]
    public void After_thirty_seconds_the_socket_is_closed_and_the_port_and_its_charge_are_given_back()
    {
        var client = new TurnClient(_stand);
        client.Allocate(Pair);
        var held = _stand.Asked.Single().Next!.Value;
        Assert.Equal(0, client.Refresh(0).Code);
        _stand.Pass(TimeSpan.FromSeconds(29.9));
        Assert.Equal(1, _stand.Ledger.PortsHeld);
        _stand.Pass(TimeSpan.FromSeconds(0.1));
        Assert.Contains(held, _stand.Closed);
        Assert.Empty(_stand.Opened);
        Assert.Equal(0, _stand.Ledger.PortsHeld);
        Assert.Equal(0, _stand.Ledger.Charged(new(CredentialKind.Static, Bytes.Utf8("alice"))));
        Assert.Null(_stand.Server.NextDeadline);
    }

    [Fact]
    public void A_client_that_came_to_another_worker_has_the_socket_closed_there_and_opened_here()
    {
        var there = new TurnStand(ledger: _stand.Ledger, worker: 1);
        there.Others = yield =>
        {
            _stand.Order(new TurnOrder.Yield(yield.Held));
            return new TurnAnswer.RelayYielded();
        };
        var first = new TurnClient(_stand).Allocate(Pair);
        var held = _stand.Asked.Single().Next!.Value;
        var reply = new TurnClient(there, "203.0.113.5:5").Allocate((ref StunWriter w) => w.AddReservationToken(first.Token!.Value));
        Assert.Equal(first.Relayed.Port + 1, reply.Relayed.Port);
        Assert.Equal(held, Assert.Single(_stand.Closed));
        Assert.Equal(reply.Relayed, there.Asked.Single().Address);
        // What was yielded lapses no more.
        _stand.Pass(60);
        Assert.Single(_stand.Closed);
        Assert.Equal(2, _stand.Ledger.Sessions().Length);
    }

    [Fact]
    public void A_worker_that_does_not_yield_leaves_the_port_taken_and_the_answer_is_508()
    {
        var there = new TurnStand(ledger: _stand.Ledger, worker: 1) { Outside = _ => new TurnAnswer.RelayTaken() };
        var token = new TurnClient(_stand).Allocate(Pair).Token!.Value;
        new TurnClient(there, "203.0.113.5:5").Allocate((ref StunWriter w) => w.AddReservationToken(token));
        Assert.Equal(508, there.Pass(2).Single().Code);
    }

    [Fact]
    public void Where_the_outside_cannot_hold_it_the_ledger_does()
    {
        _stand.Outside = question => new TurnAnswer.RelayOpened(question.Relay);
        var first = new TurnClient(_stand).Allocate(Pair);
        Assert.Single(_stand.Opened);
        var second = new TurnClient(_stand, "203.0.113.5:5").Allocate((ref StunWriter w) => w.AddReservationToken(first.Token!.Value));
        Assert.Equal(first.Relayed.Port + 1, second.Relayed.Port);
        Assert.Equal(2, _stand.Asked.Count());
    }

    [Fact]
    public void What_was_opened_too_late_or_for_nothing_is_closed_both_times()
    {
        _stand.Outside = _ => null;
        var client = new TurnClient(_stand);
        client.Allocate(Pair);
        var ask = _stand.Effects.OfType<TurnEffect.Ask>().Single();
        var question = (TurnQuestion.OpenRelay)ask.Question;
        Assert.Equal(508, _stand.Pass(2).Single().Code);
        _stand.Opened.UnionWith([question.Relay, question.Next!.Value]);
        _stand.Answer(ask.Id, new TurnAnswer.RelayOpened(question.Relay) { Next = question.Next });
        Assert.Empty(_stand.Opened);
        Assert.Equal(0, _stand.Ledger.PortsHeld);

        // The nonce went stale while the sockets were opened.
        _stand.Outside = opened =>
        {
            _stand.Now += TimeSpan.FromHours(2);
            return new TurnAnswer.RelayOpened(opened.Relay) { Next = opened.Next };
        };
        Assert.Equal(438, client.Allocate(Pair).Code);
        Assert.Empty(_stand.Opened);
        Assert.Equal(0, _stand.Ledger.PortsHeld);
    }
}
