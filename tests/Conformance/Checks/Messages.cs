using System.Net;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>The header of messages, and what all attributes have in common (RFC 8489 §5, §6.3, §14).</summary>
static class Messages
{
    [Check("8489 5")]
    public static void A_success_response_has_the_magic_cookie_and_the_transaction_id_of_its_request(Trial t)
    {
        var request = new Outgoing(Method.Binding);
        MustMatch(t.Connect().MustAnswer(request).MustSucceed(), request, Method.Binding);
    }

    [Check("8489 5")]
    public static void An_error_response_has_the_magic_cookie_and_the_transaction_id_of_its_request(Trial t)
    {
        var request = TurnClient.AllocateRequest();
        MustMatch(t.Connect().MustAnswer(request).MustBe(401), request, Method.Allocate);
    }

    [Check("8489 14")]
    public static void Attributes_end_on_32_bits_and_are_padded_with_zeroes(Trial t)
    {
        var challenge = t.Challenged();
        var response = challenge.AskSigned(() => TurnClient.AllocateRequest());
        challenge.Allocated(response);
        foreach (var message in new[] { t.Connect().MustAnswer(TurnClient.AllocateRequest()), response })
        {
            Require(message.Raw.Length % 4 == 0, $"{message} has {message.Raw.Length} bytes");
            foreach (var attribute in message.Attributes)
            {
                var end = attribute.At + 4 + attribute.Value.Length;
                var padding = message.Raw[end..((end + 3) & ~3)];
                Require(padding.All(pad => pad == 0), $"0x{attribute.Type:x4} of {message} is padded with {Convert.ToHexString(padding)}");
            }
        }
    }

    [Check("8489 14")]
    public static void Whatever_the_padding_of_a_request_holds_is_ignored(Trial t) =>
        t.Connect().MustAnswer(new Outgoing(Method.Binding).Add(Attr.Software, "five5"u8, pad: 0xFF)).MustSucceed();

    [Check("8489 6.3")]
    public static void An_unknown_comprehension_optional_attribute_is_ignored(Trial t) =>
        t.Connect().MustAnswer(new Outgoing(Method.Binding).Add(Attr.UnknownOptional, "what"u8)).MustSucceed();

    [Check("8489 6.3")]
    public static void A_known_attribute_that_is_not_expected_is_ignored(Trial t)
    {
        var client = t.Challenged();
        client.Allocate(TurnClient.AllocateRequest().Add(Attr.MappedAddress, [0, 1, 0, 9, 127, 0, 0, 1]).AddChannel(0x4000));
    }

    [Check("8489 6.3.1.1")]
    public static void An_unknown_comprehension_required_attribute_is_answered_420_which_names_it(Trial t)
    {
        var client = t.Challenged();
        var refused = client.AskSigned(TurnClient.AllocateRequest().Add(Attr.UnknownRequired, "what"u8)).MustBe(420);
        var named = refused.MustHave(Attr.UnknownAttributes, "UNKNOWN-ATTRIBUTES").Get(Attr.UnknownAttributes)!;
        Require(named.Length >= 2 && (named[0] << 8 | named[1]) == Attr.UnknownRequired,
            $"UNKNOWN-ATTRIBUTES is {Convert.ToHexString(named)}, which is not the one that was sent");
    }

    [Check("8489 14.8")]
    public static void An_error_response_has_a_code_of_the_right_form(Trial t)
    {
        foreach (var error in ErrorsOfUser(t).Append(t.Connect().Challenge()))
        {
            var code = error.MustHave(Attr.ErrorCode, "ERROR-CODE").Get(Attr.ErrorCode)!;
            Require(code[0] == 0 && code[1] == 0 && code[2] >> 3 == 0, $"the reserved bits of {error} are not zero");
            Require((code[2] & 7) is >= 3 and <= 6 && code[3] <= 99, $"{error} has a class of {code[2] & 7} and a number of {code[3]}");
            MustBeText(code.AsSpan(4), 127, "the reason phrase");
        }
    }

    [Check("8489 6.3.1.1")]
    public static void An_error_to_a_user_has_a_reason_phrase(Trial t)
    {
        foreach (var error in ErrorsOfUser(t)) MustHaveReason(error);
    }

    [Check("8489 6.3.1.1")]
    public static void An_error_to_a_stranger_has_a_reason_phrase(Trial t) => MustHaveReason(t.Connect().Challenge());

    static Incoming[] ErrorsOfUser(Trial t)
    {
        var client = t.Challenged();
        return
        [
            client.AskSigned(new Outgoing(Method.Allocate)).MustBe(400),
            client.AskSigned(TurnClient.RefreshRequest(600)).MustBe(437),
            client.AskSigned(TurnClient.AllocateRequest().Add(Attr.UnknownRequired, "what"u8)).MustBe(420),
        ];
    }

    static void MustHaveReason(Incoming error) =>
        Require(error.Get(Attr.ErrorCode) is { Length: > 4 }, $"{error} has no reason phrase");

    [Check("8489 6.1", Needs.Datagrams)]
    public static void No_response_fills_more_than_a_packet_of_576_bytes(Trial t)
    {
        var client = t.Challenged();
        var many = TurnClient.AllocateRequest();
        for (var i = 0; i < 200; i++) many.Add(0x7D00 + i, []);
        Incoming[] responses =
        [
            t.Connect().Challenge(), client.AskSigned(many).MustBe(420), client.Allocate(),
            client.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed(),
        ];
        foreach (var response in responses)
            Require(response.Raw.Length <= 576 - 28, $"{response} has {response.Raw.Length} bytes, and 28 of IPv4 and UDP");
    }

    [Check("8489 14.14", Needs.Software)]
    public static void Software_has_a_version(Trial t)
    {
        var software = t.Challenged().Allocate().MustHave(Attr.Software, "SOFTWARE").Text(Attr.Software);
        Require(software.Any(char.IsLetter) && software.Any(char.IsDigit), $"SOFTWARE is '{software}'");
    }

    [Check("8489 14.14", Needs.Software)]
    public static void Software_has_a_text_of_less_than_128_characters(Trial t)
    {
        var client = t.Challenged();
        var software = client.Allocate().MustHave(Attr.Software, "SOFTWARE").Get(Attr.Software)!;
        Require(software.Length > 0, "SOFTWARE is empty");
        MustBeText(software, 127, "SOFTWARE");
    }

    [Check("8656 5", Needs.Software)]
    public static void Responses_to_a_users_Allocate_and_Refresh_have_SOFTWARE(Trial t)
    {
        var client = t.Challenged();
        client.Allocate().MustHave(Attr.Software, "SOFTWARE");
        client.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed().MustHave(Attr.Software, "SOFTWARE");
        t.Challenged().AskSigned(TurnClient.RefreshRequest(600)).MustBe(437).MustHave(Attr.Software, "SOFTWARE");
    }

    [Check("8489 6.3.1.1", Needs.Software)]
    public static void Responses_to_strangers_have_SOFTWARE(Trial t)
    {
        t.Connect().Challenge().MustHave(Attr.Software, "SOFTWARE");
        t.Connect().MustAnswer(new(Method.Binding)).MustSucceed().MustHave(Attr.Software, "SOFTWARE");
    }

    /// <summary>Valid UTF-8 of at most so many characters (RFC 8489 §14.8 to §14.14).</summary>
    public static void MustBeText(ReadOnlySpan<byte> bytes, int mostCharacters, string what)
    {
        try
        {
            var length = new System.Text.UTF8Encoding(false, throwOnInvalidBytes: true).GetString(bytes).EnumerateRunes().Count();
            Require(length <= mostCharacters, $"{what} has {length} characters");
        }
        catch (System.Text.DecoderFallbackException)
        {
            throw new CheckFailedException($"{what} is no UTF-8");
        }
    }

    static void MustMatch(Incoming response, Outgoing request, int method)
    {
        // That the first two bits are zero, and that attributes fill the length, is what made it a message at all.
        Require(response.Raw.AsSpan(4, 4).SequenceEqual(new byte[] { 0x21, 0x12, 0xA4, 0x42 }), "there is no magic cookie");
        Require(response.TransactionId.SequenceEqual(request.TransactionId), "the transaction id is another one");
        Require(response.MethodNumber == method, $"the method of the response is 0x{response.MethodNumber:x}");
    }
}
