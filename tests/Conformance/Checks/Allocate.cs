using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Creating an allocation (RFC 8656 §7.2).</summary>
static class Allocate
{
    [Check("8656 7.2")]
    public static void An_Allocate_without_credentials_creates_nothing(Trial t)
    {
        var client = t.Connect();
        client.Challenge();
        client.AskSigned(() => TurnClient.RefreshRequest(600)).MustBe(437);
    }

    [Check("8656 7.2")]
    public static void The_success_response_has_relayed_address_mapped_address_and_lifetime(Trial t)
    {
        var client = t.Challenged();
        var response = client.Allocate();
        Require(response.Addresses(Attr.XorRelayedAddress) is [{ Port: > 0 }], "there is not one XOR-RELAYED-ADDRESS");
        response.MustHave(Attr.Lifetime, "LIFETIME").MustHave(Attr.XorMappedAddress, "XOR-MAPPED-ADDRESS");
        var binding = client.MustAnswer(new(Method.Binding)).MustSucceed();
        Require(Equals(response.Address(Attr.XorMappedAddress), binding.Address(Attr.XorMappedAddress)),
            "XOR-MAPPED-ADDRESS is not that of a Binding response");
    }

    [Check("8656 6")]
    public static void No_two_allocations_have_the_same_relayed_address(Trial t)
    {
        var addresses = Enumerable.Range(0, 6).Select(_ => t.Allocated().Relayed).ToArray();
        Require(addresses.Distinct().Count() == addresses.Length, "two allocations have the same relayed address");
    }

    [Check("8656 7.2")]
    public static void A_second_Allocate_on_the_five_tuple_is_answered_437(Trial t) =>
        t.Allocated().AskSigned(() => TurnClient.AllocateRequest()).MustBe(437);

    [Check("8656 7.2")]
    public static void Without_REQUESTED_TRANSPORT_it_is_answered_400(Trial t) =>
        t.Challenged().AskSigned(new Outgoing(Method.Allocate)).MustBe(400);

    [Check("8656 7.2")]
    public static void A_malformed_REQUESTED_TRANSPORT_is_answered_400(Trial t) =>
        t.Challenged().AskSigned(new Outgoing(Method.Allocate).Add(Attr.RequestedTransport, [Protocol.Udp])).MustBe(400);

    [Check("8656 7.2")]
    public static void A_transport_that_is_neither_UDP_nor_TCP_is_answered_442(Trial t)
    {
        foreach (byte protocol in new byte[] { 1, 132, 255 })
            t.Challenged().AskSigned(new Outgoing(Method.Allocate).AddByte(Attr.RequestedTransport, protocol)).MustBe(442);
    }

    [Check("8656 18.8")]
    public static void The_reserved_bytes_of_REQUESTED_TRANSPORT_are_ignored(Trial t) =>
        t.Challenged().Allocate(new Outgoing(Method.Allocate).Add(Attr.RequestedTransport, [Protocol.Udp, 0xFF, 0xFF, 0xFF]));

    [Check("8656 7.2")]
    public static void DONT_FRAGMENT_is_served_or_answered_420_as_unknown(Trial t)
    {
        var client = t.Challenged();
        var response = client.AskSigned(TurnClient.AllocateRequest().Add(Attr.DontFragment, []));
        if (response.IsSuccess)
        {
            client.Allocated(response);
            return;
        }

        var named = response.MustBe(420).MustHave(Attr.UnknownAttributes, "UNKNOWN-ATTRIBUTES").Get(Attr.UnknownAttributes)!;
        Require(named is [0x00, 0x1A, ..], $"UNKNOWN-ATTRIBUTES is {Convert.ToHexString(named)}, not DONT-FRAGMENT");
    }

    [Check("8656 7.2")]
    public static void Relayed_ports_are_dynamic_ones(Trial t)
    {
        foreach (var client in Enumerable.Range(0, 4).Select(_ => t.Allocated()))
            Require(client.Relayed.Port >= 49152, $"the relayed port is {client.Relayed.Port}");
    }

    [Check("8656 7.2")]
    public static void Relayed_ports_do_not_follow_each_other(Trial t)
    {
        var ports = Enumerable.Range(0, 8).Select(_ => t.Allocated().Relayed.Port).ToArray();
        var steps = ports.Zip(ports.Skip(1), (before, after) => after - before);
        Require(steps.Distinct().Count() > 2, $"the relayed ports are {string.Join(", ", ports)}");
    }

    [Check("8656 7.2")]
    public static void Without_LIFETIME_the_lifetime_is_the_default_of_at_least_ten_minutes(Trial t) =>
        MustLast(t.Challenged().Allocate());

    [Check("8656 7.2")]
    public static void A_LIFETIME_that_is_shorter_than_the_default_gets_the_default(Trial t) =>
        MustLast(t.Challenged().Allocate(TurnClient.AllocateRequest().Add(Attr.Lifetime, 20)));

    [Check("8656 7.2")]
    public static void A_LIFETIME_of_more_than_an_hour_gets_an_hour_at_most(Trial t) =>
        MustLast(t.Challenged().Allocate(TurnClient.AllocateRequest().Add(Attr.Lifetime, 100_000)));

    [Check("8656 7.2", Needs.Quota)]
    public static void A_user_who_reached_the_quota_is_answered_486_on_any_five_tuple(Trial t)
    {
        var (user, most, at) = t.Target.Quota!;
        for (var i = 0; i <= most; i++)
        {
            var client = t.Challenged(user, at);
            var response = client.AskSigned(() => TurnClient.AllocateRequest());
            if (response.Error == 486)
            {
                t.Allocated(at: at); // Another user still may.
                return;
            }

            client.Allocated(response);
        }

        throw new CheckFailedException($"the quota is {most}, and {most + 1} allocations were made");
    }

    [Check("8656 7.2", Needs.FewPorts)]
    public static void When_no_relay_port_is_left_it_is_answered_508(Trial t)
    {
        for (var i = 0; i < 13; i++)
        {
            var client = t.Challenged(at: t.Target.FewPorts);
            var response = client.AskSigned(() => TurnClient.AllocateRequest());
            if (response.IsSuccess)
            {
                client.Allocated(response);
                continue;
            }

            response.MustBe(508);
            return;
        }

        throw new CheckFailedException("more than a dozen allocations were made where ports are few");
    }

    [Check("8489 10", Needs.Redirect)]
    public static void A_300_has_an_alternate_server_of_the_clients_family_and_is_protected(Trial t)
    {
        var client = t.Challenged(at: t.Target.Redirect);
        var response = client.AskSigned(() => TurnClient.AllocateRequest()).MustBe(300);
        var value = response.MustHave(Attr.AlternateServer, "ALTERNATE-SERVER").Get(Attr.AlternateServer)!;
        Require(value is [0, Family.IPv4, ..] && value.Length == 8, $"ALTERNATE-SERVER is {Convert.ToHexString(value)}, no IPv4 address");
        Require(client.IsProtected(response), "the 300 is not protected");
    }

    [Check("8489 10", Needs.Redirect)]
    public static void A_300_has_a_second_alternate_server_of_the_other_family(Trial t)
    {
        var response = t.Challenged(at: t.Target.Redirect).AskSigned(() => TurnClient.AllocateRequest()).MustBe(300);
        var families = response.Attributes.Where(one => one.Type == Attr.AlternateServer).Select(one => (int)one.Value[1]).ToArray();
        Require(families is [Family.IPv4, Family.IPv6, ..], $"the alternate servers are of the families {string.Join(", ", families)}");
    }

    [Check("8489 14.8", Needs.Redirect)]
    public static void A_client_that_is_not_authenticated_gets_no_300(Trial t)
    {
        t.Connect(at: t.Target.Redirect).Challenge();
        t.Challenged(t.Target.User with { Password = "not this one" }, t.Target.Redirect)
            .AskSigned(TurnClient.AllocateRequest()).MustBe(400, 401);
    }

    /// <summary>Ten minutes (RFC 8656 §3.2) to an hour (§7.2).</summary>
    static void MustLast(Incoming response)
    {
        var seconds = response.MustHave(Attr.Lifetime, "LIFETIME").Number(Attr.Lifetime);
        Require(seconds is >= 600 and <= 3600, $"the lifetime is {seconds} s");
    }
}
