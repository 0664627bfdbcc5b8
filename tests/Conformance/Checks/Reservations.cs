using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>EVEN-PORT and RESERVATION-TOKEN (RFC 8656 §7.2 steps 5 and 8).</summary>
static class Reservations
{
    [Check("8656 7.2")]
    public static void EVEN_PORT_gets_an_even_port(Trial t)
    {
        for (var i = 0; i < 4; i++)
        {
            var client = t.Challenged();
            client.Allocate(TurnClient.AllocateRequest().Add(Attr.EvenPort, [0])).MustNotHave(Attr.ReservationToken, "RESERVATION-TOKEN");
            Require(client.Relayed.Port % 2 == 0, $"the port is {client.Relayed.Port}");
        }
    }

    [Check("8656 7.2")]
    public static void EVEN_PORT_with_its_bit_reserves_the_next_port_for_whom_the_token_has(Trial t)
    {
        var first = t.Challenged();
        var token = Reserve(first);
        var second = t.Challenged();
        second.Allocate(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token));
        Require(second.Relayed.Equals(new IPEndPoint(first.Relayed.Address, first.Relayed.Port + 1)),
            $"the token of {first.Relayed} gave {second.Relayed}");
    }

    [Check("8656 7.2")]
    public static void A_token_is_good_for_one_allocation(Trial t)
    {
        var token = Reserve(t.Challenged());
        t.Challenged().Allocate(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token));
        t.Challenged().AskSigned(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token)).MustBe(508);
    }

    [Check("8656 7.2")]
    public static void A_token_that_the_server_did_not_give_is_answered_508(Trial t) =>
        t.Challenged().AskSigned(TurnClient.AllocateRequest().Add(Attr.ReservationToken, "8 of ours"u8[..8])).MustBe(508);

    [Check("8656 7.2")]
    public static void A_token_together_with_EVEN_PORT_is_answered_400(Trial t)
    {
        var token = Reserve(t.Challenged());
        t.Challenged().AskSigned(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token).Add(Attr.EvenPort, [0])).MustBe(400);
    }

    [Check("8656 7.2")]
    public static void A_token_together_with_an_address_family_is_answered_400(Trial t)
    {
        var token = Reserve(t.Challenged());
        foreach (var (attribute, family) in new[]
                 { (Attr.RequestedAddressFamily, Family.IPv4), (Attr.AdditionalAddressFamily, Family.IPv6) })
            t.Challenged().AskSigned(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token).AddByte(attribute, family)).MustBe(400);
    }

    [Check("8656 7.2", Needs.Slow)]
    public static void A_reservation_is_held_for_28_seconds(Trial t)
    {
        var token = Reserve(t.Challenged());
        Pause.For(TimeSpan.FromSeconds(28));
        t.Challenged().Allocate(TurnClient.AllocateRequest().Add(Attr.ReservationToken, token));
    }

    static byte[] Reserve(TurnClient client)
    {
        var response = client.Allocate(TurnClient.AllocateRequest().Add(Attr.EvenPort, [0x80]));
        Require(client.Relayed.Port % 2 == 0, $"the port is {client.Relayed.Port}");
        var token = response.MustHave(Attr.ReservationToken, "RESERVATION-TOKEN").Get(Attr.ReservationToken)!;
        Require(token.Length == 8, $"RESERVATION-TOKEN has {token.Length} bytes");
        return token;
    }
}
