using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>New allocations go elsewhere (RFC 8489 §10, RFC 8656 §7.2), and those that live go on.</summary>
public class DrainTests
{
    static readonly Alternate North = new(TurnStand.IP("198.41.0.5:3478"), TurnStand.IP("[2620:fe::5]:3478"));
    static readonly Alternate South = new(TurnStand.IP("198.41.0.6:3478"));

    [Fact]
    public void While_it_drains_new_allocations_are_answered_508_and_those_that_live_go_on()
    {
        var stand = new TurnStand();
        var lives = new TurnClient(stand);
        var wish = TurnClient.NextTransaction();
        lives.Allocate(transaction: wish);
        stand.Order(new TurnOrder.Drain(true));

        var late = new TurnClient(stand, "203.0.113.9:9");
        var refused = late.Allocate();
        Assert.Equal(508, refused.Code);
        Assert.True(refused.VerifiesWith(late.Key));
        Assert.Equal(0, lives.Allocate(transaction: wish).Code);
        Assert.Equal(0, lives.Refresh(600).Code);
        Assert.Equal(0, lives.Permit("198.41.0.9:1").Code);
        Assert.Equal(ForwardKind.ToPeer, lives.SendTo("198.41.0.9:1", "on").Forward.Kind);

        stand.Order(new TurnOrder.Drain(false));
        Assert.Equal(0, late.Allocate().Code);
    }

    [Fact]
    public void Where_there_are_alternates_the_answer_is_300_to_them_in_turn_with_integrity_and_both_families()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { Alternates = [North, South] });
        stand.Order(new TurnOrder.Drain(true));
        var client = new TurnClient(stand) { Algorithm = PasswordAlgorithm.Sha256, Integrity = Integrity.Sha256 };
        TurnReply[] replies = [client.Allocate(), client.Allocate(), client.Allocate()];
        Assert.All(replies, reply => Assert.Equal(300, reply.Code));
        Assert.All(replies, reply => Assert.True(reply.VerifiesWith(client.Key)));
        Assert.Equal([South.Address, North.Address, South.Address], replies.Select(reply => reply.Alternates[0]));
        // RFC 8489 §10: first that of the source's family, then the other.
        Assert.Equal([North.Address, North.Other!.Value], replies[1].Alternates);
        Assert.Empty(stand.Asked);
        Assert.Equal(0, stand.Ledger.PortsHeld);

        var six = new TurnClient(stand)
        {
            Path = new(new(TurnStand.IP("[2620:fe::77]:9"), TurnStand.IP("[2620:fe::9]:3478"), ClientTransport.Udp), 0),
        };
        // South has no address that it could go to.
        Assert.All(new[] { six.Allocate(), six.Allocate() }, reply => Assert.Equal([North.Other.Value, North.Address], reply.Alternates));
    }

    [Fact]
    public void A_client_of_TLS_goes_where_TLS_is_and_is_told_the_name_of_that_certificate()
    {
        var secure = new Alternate(TurnStand.IP("198.41.0.5:5349"), IsSecure: true, Domain: "turn2.example.net");
        var stand = new TurnStand(TurnStand.Ordinary with { Alternates = [South, secure] });
        stand.Order(new TurnOrder.Drain(true));
        Assert.All(new[] { ClientTransport.Tls, ClientTransport.Dtls }, transport =>
        {
            var reply = Over(stand, transport).Allocate();
            Assert.Equal((300, secure.Address, "turn2.example.net"), (reply.Code, reply.Alternates.Single(), reply.AlternateDomain));
        });
        Assert.All(new[] { ClientTransport.Udp, ClientTransport.Tcp }, transport =>
        {
            var reply = Over(stand, transport).Allocate();
            Assert.Equal((300, South.Address, null), (reply.Code, reply.Alternates.Single(), reply.AlternateDomain));
        });

        var alone = new TurnStand(TurnStand.Ordinary with { Alternates = [South] });
        alone.Order(new TurnOrder.Drain(true));
        Assert.Equal(508, Over(alone, ClientTransport.Tls).Allocate().Code);
    }

    [Fact]
    public void Who_is_not_proved_is_challenged_and_told_of_no_other_server()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { Alternates = [South], Redirection = Redirection.Always });
        stand.Order(new TurnOrder.Drain(true));
        var reply = new TurnClient(stand).Bare(StunMethod.Allocate);
        Assert.Equal(401, reply.Code);
        Assert.Empty(reply.Alternates);
        var wrong = new TurnClient(stand, password: "guessed").Allocate();
        Assert.Equal(401, wrong.Code);
        Assert.Empty(wrong.Alternates);
    }

    [Fact]
    public void What_was_under_way_and_what_was_reserved_when_the_drain_began_is_given()
    {
        var stand = new TurnStand();
        var pair = new TurnClient(stand).Allocate((ref writer) => writer.AddEvenPort(true));
        stand.Outside = _ => null;
        var waits = new TurnClient(stand, "203.0.113.8:8");
        waits.Allocate();
        var question = stand.Effects.OfType<TurnEffect.Ask>().Last();
        stand.Order(new TurnOrder.Drain(true));
        stand.Opened.Add(stand.Asked.Last().Relay);
        Assert.Equal(0, stand.Answer(question.Id, new TurnAnswer.RelayOpened(stand.Asked.Last().Relay)).Code);

        stand.Outside = open => new TurnAnswer.RelayOpened(open.Relay);
        var second = new TurnClient(stand, "203.0.113.77:40001");
        Assert.Equal(0, second.Allocate((ref writer) => writer.AddReservationToken(pair.Token!.Value)).Code);
    }

    [Theory]
    [InlineData(Redirection.Draining, 508)]
    [InlineData(Redirection.Full, 300)]
    public void A_server_without_a_port_left_says_508_or_sends_on_as_its_operator_wished(Redirection when, int code)
    {
        var stand = new TurnStand(TurnStand.Ordinary with
        {
            RelayPorts = PortRange.TryParse("50000-50000", out var one) ? one : default, Alternates = [South], Redirection = when,
        });
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        Assert.Equal(code, new TurnClient(stand, "203.0.113.9:9").Allocate().Code);
        // A token that names nothing is no want of room.
        Assert.Equal(508, new TurnClient(stand, "203.0.113.9:9").Allocate((ref writer) => writer.AddReservationToken(7)).Code);
    }

    [Fact]
    public void A_server_that_balances_sends_every_client_on_and_a_worker_full_of_allocations_too()
    {
        var balances = new TurnStand(TurnStand.Ordinary with { Alternates = [South], Redirection = Redirection.Always });
        Assert.Equal(300, new TurnClient(balances).Allocate().Code);
        var full = new TurnStand(TurnStand.Ordinary with { MaxAllocations = 1, Alternates = [South], Redirection = Redirection.Full });
        Assert.Equal([0, 300], new[] { "1", "2" }.Select(n => new TurnClient(full, $"203.0.113.9:{n}").Allocate().Code));
    }

    [Fact]
    public void At_an_address_of_many_servers_a_proved_client_is_sent_to_where_this_one_is_alone()
    {
        var anycast = new AnycastListener(TurnStand.IP("192.0.0.10:3478"), TurnStand.IP("198.41.0.4:3478"));
        var stand = new TurnStand(TurnStand.Ordinary with { Anycast = [anycast], Alternates = [South] });
        var client = new TurnClient(stand)
        {
            Path = new(new(TurnStand.IP("203.0.113.77:9"), anycast.Address, ClientTransport.Udp), 1),
        };
        // RFC 8155 §6 has the checks of an Allocate before it, of which the first is who asks.
        Assert.Equal(401, client.Bare(StunMethod.Allocate).Code);
        var reply = client.Allocate();
        Assert.Equal((300, anycast.Unicast), (reply.Code, reply.Alternates.Single()));
        Assert.True(reply.VerifiesWith(client.Key));
        Assert.Equal(0, client.Bare(StunMethod.Binding).Code);
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        // Who drains does not send clients to itself.
        stand.Order(new TurnOrder.Drain(true));
        Assert.Equal([South.Address], client.Allocate().Alternates);
        Assert.Single((TurnStand.Ordinary with { Anycast = [new(anycast.Address, anycast.Address)] }).Mistakes());
    }

    [Fact]
    public void Mistakes_in_alternates_are_said()
    {
        Assert.Contains("alternate server is needed", Mistake(Redirection.Always), StringComparison.Ordinal);
        Assert.Contains("two addresses of one family", Mistake(0, new Alternate(South.Address, North.Address)), StringComparison.Ordinal);
        Assert.Contains("for TLS and DTLS alone", Mistake(0, South with { Domain = "a.example" }), StringComparison.Ordinal);
        Assert.Contains("address and a port", Mistake(0, new Alternate(TurnStand.IP("198.41.0.5:0"))), StringComparison.Ordinal);

        static string Mistake(Redirection when, params Alternate[] alternates) =>
            Assert.Single((TurnStand.Ordinary with { Redirection = when, Alternates = [.. alternates] }).Mistakes());
    }

    static TurnClient Over(TurnStand stand, ClientTransport transport) => new(stand)
    {
        Path = new(new(TurnStand.IP($"203.0.113.77:{4000 + (int)transport}"), TurnStand.IP("198.41.0.4:3478"), transport), 0),
    };
}
