using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Binding, and what keeps a basic STUN server open to all (RFC 8489 §12).</summary>
static class Binding
{
    [Check("8489 12")]
    public static void A_Binding_request_of_anybody_is_answered_with_the_address_that_it_came_from(Trial t)
    {
        var client = t.Connect();
        var response = client.MustAnswer(new(Method.Binding)).MustSucceed();
        var mapped = response.MustHave(Attr.XorMappedAddress, "XOR-MAPPED-ADDRESS").Address(Attr.XorMappedAddress);
        Require(mapped is not null, "XOR-MAPPED-ADDRESS cannot be read");
        Require(mapped!.Equals(client.Pipe.Local) || !IPAddress.IsLoopback(client.Pipe.Local.Address),
            $"XOR-MAPPED-ADDRESS is {mapped}, not {client.Pipe.Local}");
        response.MustNotHave(Attr.AlternateServer, "ALTERNATE-SERVER");
    }

    [Check("8489 14.1")]
    public static void An_address_has_a_first_byte_of_zero_and_the_length_of_its_family(Trial t)
    {
        var response = t.Connect().MustAnswer(new(Method.Binding)).MustSucceed().MustHave(Attr.XorMappedAddress, "XOR-MAPPED-ADDRESS");
        foreach (var address in response.Attributes.Where(one => one.Type is Attr.XorMappedAddress or Attr.MappedAddress))
        {
            Require(address.Value.Length > 1 && address.Value[0] == 0, $"an address begins with {Convert.ToHexString(address.Value)}");
            Require(address.Value.Length == (address.Value[1] == Family.IPv4 ? 8 : 20),
                $"an address of family {address.Value[1]} has {address.Value.Length} bytes");
        }
    }

    [Check("8489 14.1", Needs.Ipv6Client)]
    public static void A_client_of_IPv6_is_answered_with_its_address_and_may_have_a_relay_of_IPv4(Trial t)
    {
        var client = t.Challenged(at: t.Target.Ipv6Client);
        var mapped = client.MustAnswer(new(Method.Binding)).MustSucceed().Address(Attr.XorMappedAddress);
        Require(mapped is not null && mapped.Address.GetAddressBytes().Length == 16, $"XOR-MAPPED-ADDRESS is {mapped}");
        client.Allocate();
        Require(client.Relayed.Address.GetAddressBytes().Length == 4, $"the relayed address is {client.Relayed}");
    }

    [Check("8489 12")]
    public static void A_FINGERPRINT_is_not_needed_and_a_right_one_is_taken(Trial t)
    {
        var client = t.Connect();
        client.MustAnswer(new(Method.Binding)).MustSucceed();
        client.MustAnswer(new Outgoing(Method.Binding).AddFingerprint()).MustSucceed();
    }

    [Check("8489 14.7")]
    public static void A_FINGERPRINT_of_a_response_is_its_last_attribute_and_right(Trial t)
    {
        var response = t.Connect().MustAnswer(new Outgoing(Method.Binding).AddFingerprint()).MustSucceed();
        if (!response.Has(Attr.Fingerprint)) throw new NotOfferedException("FINGERPRINT in responses");
        Require(response.Attributes[^1].Type == Attr.Fingerprint, "FINGERPRINT is not the last attribute");
        Require(response.FingerprintHolds(), "FINGERPRINT is wrong");
    }

    [Check("8489 6.2.2", Needs.Stream)]
    public static void The_server_leaves_the_connection_open_after_a_response(Trial t)
    {
        var client = t.Connect();
        for (var i = 0; i < 3; i++) client.MustAnswer(new(Method.Binding)).MustSucceed();
        Require(!((Transports.StreamPipe)client.Pipe).Ends(TimeSpan.FromSeconds(1)), "the server ended the connection");
    }

    [Check("8489 6.2.2", Needs.Stream)]
    public static void Messages_are_found_in_a_stream_wherever_it_is_cut(Trial t)
    {
        var client = t.Connect();
        byte[] two = [.. new Outgoing(Method.Binding).ToArray(), .. new Outgoing(Method.Binding).Add(Attr.Software, "five5"u8).ToArray()];
        foreach (var one in two) client.Send([one]);
        for (var i = 0; i < 2; i++)
            Require(Incoming.Read(client.Receive()) is { IsSuccess: true }, "a request that came in pieces is not answered");
    }
}
