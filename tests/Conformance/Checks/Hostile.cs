using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Bytes that are no request get no answer (RFC 8489 §6.3, RFC 8656 §12).</summary>
static class Hostile
{
    [Check("8489 6.3", Needs.Datagrams)]
    public static void Bytes_that_are_no_message_get_silence(Trial t)
    {
        var client = t.Connect();
        client.Send([0]);
        client.Send("GET / HTTP/1.1\r\n\r\n"u8);
        client.Send(new byte[20]);
        client.Send(Enumerable.Repeat((byte)0xFF, 1200).ToArray());
        client.MustHearNothing();
    }

    [Check("8489 6.3", Needs.Datagrams)]
    public static void A_message_with_one_of_the_first_two_bits_gets_silence(Trial t)
    {
        var client = t.Connect();
        var bytes = new Outgoing(Method.Binding).ToArray();
        foreach (byte bits in new byte[] { 0x80, 0xC0 })
        {
            bytes[0] = bits;
            client.Send(bytes);
        }

        client.MustHearNothing();
    }

    [Check("8489 6.3", Needs.Datagrams)]
    public static void A_message_whose_length_is_not_that_of_its_bytes_gets_silence(Trial t)
    {
        var client = t.Connect();
        foreach (var wrong in new[] { 2, 4, 400, 65532 })
        {
            var bytes = new Outgoing(Method.Binding).ToArray();
            bytes[2] = (byte)(wrong >> 8);
            bytes[3] = (byte)wrong;
            client.Send(bytes);
        }

        client.Send(new Outgoing(Method.Binding).Add(Attr.Software, "four"u8).ToArray().AsSpan(0, 25));
        client.MustHearNothing();
    }

    [Check("8489 6.3", Needs.Datagrams)]
    public static void An_attribute_that_is_longer_than_its_message_gets_no_success(Trial t)
    {
        var request = new Outgoing(Method.Binding).Add(Attr.Software, "four"u8);
        var bytes = request.ToArray();
        bytes[22] = 0xFF;
        var client = t.Connect();
        client.Send(bytes);
        MustNotSucceed(client, request);
    }

    [Check("8489 14.7")]
    public static void A_request_with_a_wrong_FINGERPRINT_gets_silence(Trial t)
    {
        var client = t.Connect();
        var bytes = new Outgoing(Method.Binding).AddFingerprint().ToArray();
        bytes[^1] ^= 1;
        client.Send(bytes);
        client.MustHearNothing();
    }

    [Check("8489 6.3")]
    public static void Responses_that_nobody_asked_for_get_silence(Trial t)
    {
        var client = t.Connect();
        client.Send(new Outgoing(Method.Binding, Class.Success));
        client.Send(new Outgoing(Method.Allocate, Class.Error).Add(Attr.ErrorCode, 0x0401u));
        client.MustHearNothing();
    }

    [Check("8489 6.3")]
    public static void A_method_that_nobody_knows_gets_no_success(Trial t)
    {
        var client = t.Connect();
        var request = new Outgoing(0x07F);
        client.Send(request);
        MustNotSucceed(client, request);
    }

    [Check("8489 6.3.2")]
    public static void A_Binding_indication_gets_silence(Trial t)
    {
        var client = t.Connect();
        client.Send(new Outgoing(Method.Binding, Class.Indication));
        client.MustHearNothing();
    }

    [Check("8656 12", Needs.Datagrams)]
    public static void First_bytes_that_are_reserved_are_dropped(Trial t)
    {
        var client = t.Allocated();
        var peer = t.Peer();
        client.Bind(0x4000, peer.Address);
        foreach (byte first in new byte[] { 4, 15, 80, 95, 112, 127, 192, 255 })
            client.Send([first, 0, 0, 4, 1, 2, 3, 4]);
        client.MustHearNothing();
        client.SendOn(0x4000, "after");
        peer.MustHear("after", client.Relayed);
    }

    /// <summary>An indication with wrong credentials, or with none, is no request: nobody answers it.</summary>
    [Check("8656 5")]
    public static void Indications_and_ChannelData_without_an_allocation_get_silence(Trial t)
    {
        var client = t.Connect();
        client.SendTo(t.AnyPeer, "nobody's");
        client.SendOn(0x4000, "nobody's");
        client.MustHearNothing();
    }

    [Check("8489 6.3", Needs.Datagrams)]
    public static void Altered_requests_leave_the_server_serving(Trial t)
    {
        var client = t.Allocated();
        var chance = new Random(8489);
        var whole = client.Sign(TurnClient.ChannelRequest(0x4000, t.AnyPeer)).ToArray();
        for (var i = 0; i < 400; i++)
        {
            byte[] altered = [.. whole];
            // Never into a Refresh, which could end the allocation by the rules.
            for (var bytes = chance.Next(1, 6); bytes > 0; bytes--) altered[chance.Next(2, altered.Length)] = (byte)chance.Next(256);
            client.Send(altered.AsSpan(0, chance.Next(4) == 0 ? chance.Next(altered.Length) : altered.Length));
            if (i % 50 == 49) Require(client.Ask(new(Method.Binding)) is { IsSuccess: true }, "the server does not answer any more");
        }

        client.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed();
    }

    [Check("8489 11", Needs.Dtls)]
    public static void Over_DTLS_a_request_without_the_magic_cookie_is_answered_500(Trial t)
    {
        var client = t.Connect();
        client.Send(WithoutCookie(Class.Request));
        var answer = client.Receive();
        // Its transaction id has 16 bytes; the code stands where one of RFC 3489 looks for it, too.
        Require(Incoming.Read(answer) is { Error: 500 } error, $"the answer is {Incoming.Read(answer)}");
    }

    [Check("8489 11", Needs.Dtls)]
    public static void Over_DTLS_an_indication_without_the_magic_cookie_gets_silence(Trial t)
    {
        var client = t.Connect();
        client.Send(WithoutCookie(Class.Indication));
        client.MustHearNothing();
    }

    static byte[] WithoutCookie(int @class)
    {
        var bytes = new Outgoing(Method.Binding, @class).ToArray();
        bytes[4] ^= 0xFF;
        return bytes;
    }

    /// <summary>What the request is answered with, if with anything, is no success.</summary>
    static void MustNotSucceed(TurnClient client, Outgoing request)
    {
        Require(client.Ask(new(Method.Binding)) is { IsSuccess: true }, "the server does not answer a Binding request afterwards");
        while (client.TryReceive() is { } bytes)
            Require(Incoming.Read(bytes) is not { IsSuccess: true } message || !message.TransactionId.SequenceEqual(request.TransactionId),
                "it is answered with success");
    }
}
