using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>The one question that a TURN server asks of the outside, and each way that it is answered.</summary>
public class OpenRelayTests
{
    static TurnEffect.Ask LastAsk(TurnStand stand) => stand.Effects.OfType<TurnEffect.Ask>().Last();

    [Fact]
    public void A_run_that_asks_replies_nothing_and_leaves_no_other_effect()
    {
        var stand = new TurnStand { Outside = _ => null };
        var reply = new TurnClient(stand).Allocate();
        Assert.Equal(DropReason.Asked, reply.Forward.Reason);
        var ask = Assert.IsType<TurnEffect.Ask>(Assert.Single(stand.Effects));
        Assert.Equal(stand.Now + stand.Settings.OpenRelayDeadline, ask.Deadline);
        Assert.Equal(ask.Deadline, stand.Server.NextDeadline);
    }

    [Fact]
    public void The_answer_brings_the_reply_that_the_request_would_have_had()
    {
        var stand = new TurnStand { Outside = _ => null };
        new TurnClient(stand).Allocate();
        var ask = LastAsk(stand);
        var relay = ((TurnQuestion.OpenRelay)ask.Question).Relay;
        stand.Opened.Add(relay);
        var reply = stand.Answer(ask.Id, new TurnAnswer.RelayOpened(relay));
        Assert.Equal((ForwardKind.ToClient, 0), (reply.Forward.Kind, reply.Code));
    }

    [Fact]
    public void While_the_question_is_open_the_client_asks_again_in_vain_and_nothing_is_asked_twice()
    {
        var stand = new TurnStand { Outside = _ => null };
        var client = new TurnClient(stand);
        var transaction = TurnClient.NextTransaction();
        client.Allocate(transaction: transaction);
        Assert.Equal(DropReason.Asked, client.Allocate(transaction: transaction).Forward.Reason);
        Assert.Equal(DropReason.Asked, client.Allocate().Forward.Reason);
        Assert.Single(stand.Asked);
        Assert.Equal(1, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void A_port_that_another_program_has_makes_the_server_try_another_one()
    {
        var taken = 0;
        var stand = new TurnStand();
        stand.Outside = question => taken++ < 5 ? new TurnAnswer.RelayTaken() : new TurnAnswer.RelayOpened(question.Relay);
        var reply = new TurnClient(stand).Allocate();
        Assert.Equal(0, reply.Code);
        var ports = stand.Asked.Select(question => question.Address.Port).ToArray();
        Assert.Equal(6, ports.Length);
        Assert.Equal(ports[^1], reply.Relayed.Port);
        Assert.All(ports.Zip(ports.Skip(1)), pair => Assert.NotEqual(pair.First, pair.Second));
        Assert.Equal(1, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void After_eight_taken_ports_the_answer_is_508_and_all_is_given_back()
    {
        var stand = new TurnStand { Outside = _ => new TurnAnswer.RelayTaken() };
        var client = new TurnClient(stand);
        Assert.Equal(508, client.Allocate().Code);
        Assert.Equal(8, stand.Asked.Count());
        Assert.Equal(0, stand.Ledger.PortsHeld);
        Assert.Null(stand.Server.NextDeadline);
        stand.Outside = question => new TurnAnswer.RelayOpened(question.Relay);
        Assert.Equal(0, client.Allocate().Code);
    }

    [Fact]
    public void An_outside_that_may_not_open_sockets_is_answered_508()
    {
        var stand = new TurnStand { Outside = _ => new TurnAnswer.RelayRefused() };
        Assert.Equal(508, new TurnClient(stand).Allocate().Code);
        Assert.Single(stand.Asked);
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void Silence_is_answered_508_at_the_deadline()
    {
        var stand = new TurnStand { Outside = _ => null };
        var client = new TurnClient(stand);
        client.Allocate();
        Assert.Empty(stand.Pass(TimeSpan.FromSeconds(1.9)));
        var reply = Assert.Single(stand.Pass(TimeSpan.FromSeconds(0.1)));
        Assert.Equal((ForwardKind.ToClient, 508), (reply.Forward.Kind, reply.Code));
        Assert.Equal(0, stand.Ledger.PortsHeld);
        Assert.Null(stand.Server.NextDeadline);
    }

    [Fact]
    public void A_relay_that_is_opened_too_late_is_closed()
    {
        var stand = new TurnStand { Outside = _ => null };
        new TurnClient(stand).Allocate();
        var ask = LastAsk(stand);
        var relay = ((TurnQuestion.OpenRelay)ask.Question).Relay;
        stand.Pass(2);
        stand.Opened.Add(relay);
        Assert.Equal(DropReason.Nothing, stand.Answer(ask.Id, new TurnAnswer.RelayOpened(relay)).Forward.Reason);
        Assert.Equal(relay, stand.Closed.Single());
    }

    [Fact]
    public void An_answer_given_twice_does_not_close_what_it_opened()
    {
        var stand = new TurnStand();
        new TurnClient(stand).Allocate();
        var ask = LastAsk(stand);
        stand.Answer(ask.Id, new TurnAnswer.RelayOpened(stand.Asked.Single().Relay));
        Assert.Empty(stand.Closed);
    }

    [Fact]
    public void A_request_whose_nonce_went_stale_while_it_waited_is_answered_438_and_its_relay_closed()
    {
        var settings = TurnStand.Ordinary with
        {
            NonceLifetime = TimeSpan.FromSeconds(1),
            OpenRelayDeadline = TimeSpan.FromSeconds(9),
        };
        var stand = new TurnStand(settings) { Outside = _ => null };
        new TurnClient(stand).Allocate();
        var ask = LastAsk(stand);
        var relay = ((TurnQuestion.OpenRelay)ask.Question).Relay;
        stand.Pass(5);
        stand.Opened.Add(relay);
        Assert.Equal(438, stand.Answer(ask.Id, new TurnAnswer.RelayOpened(relay)).Code);
        Assert.Equal(relay, stand.Closed.Single());
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void A_reserved_port_that_another_program_took_is_answered_508()
    {
        // Where no socket holds it.
        var stand = new TurnStand { Outside = question => new TurnAnswer.RelayOpened(question.Relay) };
        var token = new TurnClient(stand).Allocate((ref StunWriter w) => w.AddEvenPort(true)).Token!.Value;
        stand.Outside = _ => new TurnAnswer.RelayTaken();
        var other = new TurnClient(stand, "203.0.113.5:5");
        Assert.Equal(508, other.Allocate((ref StunWriter w) => w.AddReservationToken(token)).Code);
        Assert.Equal(1, stand.Ledger.PortsHeld);
    }

    [Fact]
    public void A_pair_whose_first_port_is_taken_moves_as_a_pair()
    {
        var taken = 0;
        var stand = new TurnStand();
        stand.Outside = question => taken++ < 3 ? new TurnAnswer.RelayTaken() : new TurnAnswer.RelayOpened(question.Relay);
        var reply = new TurnClient(stand).Allocate((ref StunWriter w) => w.AddEvenPort(true));
        Assert.All(stand.Asked, question => Assert.Equal(0, question.Address.Port % 2));
        Assert.Equal(2, stand.Ledger.PortsHeld);
        var second = new TurnClient(stand, "203.0.113.5:5")
            .Allocate((ref StunWriter w) => w.AddReservationToken(reply.Token!.Value));
        Assert.Equal(reply.Relayed.Port + 1, second.Relayed.Port);
    }

    [Fact]
    public void Too_many_open_questions_drop_the_request_and_a_very_long_request_is_answered_400()
    {
        var settings = TurnStand.Ordinary with { StaticUserQuota = 10_000 };
        var stand = new TurnStand(settings) { Outside = _ => null };
        for (var i = 0; i < 4096; i++)
            Assert.Equal(DropReason.Asked, new TurnClient(stand, $"203.0.113.{i % 250}:{1000 + i}").Allocate().Forward.Reason);
        Assert.Equal(DropReason.TooManyQuestions, new TurnClient(stand, "198.51.100.1:1").Allocate().Forward.Reason);
        Assert.Equal(4096, stand.Pass(2).Count);
        TurnClient.Fill tooLong = (ref StunWriter w) => w.Add((AttributeType)0x8FFF, new byte[1500]);
        Assert.Equal(400, new TurnClient(stand, "198.51.100.1:1").Allocate(tooLong).Code);
    }
}
