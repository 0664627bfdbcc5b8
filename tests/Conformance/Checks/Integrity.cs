using System.Security.Cryptography;
using System.Text;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Which integrity attribute, under which key, over what (RFC 8489 §9, §9.2.4, §14.4 to §14.6).</summary>
static class Integrity
{
    [Check("8489 9.2.4")]
    public static void A_request_with_SHA_256_is_answered_with_MESSAGE_INTEGRITY_SHA256_alone(Trial t)
    {
        var client = WithSha256(t);
        var response = client.Allocate();
        Require(response.IntegritySha256Holds(client.Sha256Key), "MESSAGE-INTEGRITY-SHA256 of the response is missing or wrong");
        response.MustNotHave(Attr.Integrity, "MESSAGE-INTEGRITY");
        MustRepeatNothing(response);
    }

    [Check("8489 9.2.4")]
    public static void A_request_without_algorithms_is_answered_with_MESSAGE_INTEGRITY_under_the_key_of_MD5(Trial t)
    {
        var client = t.Challenged();
        var response = client.Allocated(client.MustAnswer(Classic(client, TurnClient.AllocateRequest())));
        Require(response.IntegrityHolds(client.Md5Key), "MESSAGE-INTEGRITY of the response is missing or wrong");
        response.MustNotHave(Attr.IntegritySha256, "MESSAGE-INTEGRITY-SHA256");
        MustRepeatNothing(response);
    }

    [Check("8489 9.2.4")]
    public static void A_request_with_MD5_of_the_list_is_answered_with_MESSAGE_INTEGRITY_SHA256_under_its_key(Trial t)
    {
        var client = WithSha256(t);
        var request = Names(client, TurnClient.AllocateRequest()).Add(Attr.PasswordAlgorithms, client.Algorithms)
            .Add(Attr.PasswordAlgorithm, 0x00010000u).AddIntegritySha256(client.Md5Key);
        var response = client.Allocated(client.MustAnswer(request));
        Require(response.IntegritySha256Holds(client.Md5Key), "MESSAGE-INTEGRITY-SHA256 of the response is missing or wrong");
    }

    [Check("8489 6.3.1.1")]
    public static void An_error_behind_authentication_is_protected_as_the_request_was(Trial t)
    {
        var client = t.Challenged();
        MustBeProtected(client, TurnClient.AllocateRequest().Add(Attr.UnknownRequired, "what"u8), 420);
        MustBeProtected(client, new Outgoing(Method.Allocate), 400);
        client.Allocate();
        MustBeProtected(client, TurnClient.AllocateRequest(), 437);
    }

    [Check("8489 9.2.4")]
    public static void PASSWORD_ALGORITHM_or_PASSWORD_ALGORITHMS_alone_is_answered_400(Trial t)
    {
        var client = WithSha256(t);
        var one = Names(client, TurnClient.AllocateRequest()).Add(Attr.PasswordAlgorithm, 0x00020000).AddIntegritySha256(client.Sha256Key);
        client.MustAnswer(one).MustBe(400);
        var list = Names(client, TurnClient.AllocateRequest()).Add(Attr.PasswordAlgorithms, client.Algorithms)
            .AddIntegritySha256(client.Sha256Key);
        client.MustAnswer(list).MustBe(400);
    }

    [Check("8489 9.2.4")]
    public static void PASSWORD_ALGORITHMS_that_the_server_did_not_send_are_answered_400(Trial t)
    {
        var client = WithSha256(t);
        // As one in the middle would leave them, who wants the weaker algorithm.
        var less = Names(client, TurnClient.AllocateRequest()).Add(Attr.PasswordAlgorithms, 0x00010000u)
            .Add(Attr.PasswordAlgorithm, 0x00010000u).AddIntegrity(client.Md5Key);
        client.MustAnswer(less).MustBe(400);
    }

    [Check("8489 9.2.4")]
    public static void A_PASSWORD_ALGORITHM_that_is_not_in_the_list_is_answered_400(Trial t)
    {
        var client = WithSha256(t);
        var other = Names(client, TurnClient.AllocateRequest()).Add(Attr.PasswordAlgorithms, client.Algorithms)
            .Add(Attr.PasswordAlgorithm, 0x00090000u).AddIntegritySha256(client.Sha256Key);
        client.MustAnswer(other).MustBe(400);
    }

    [Check("8489 9")]
    public static void Attributes_behind_MESSAGE_INTEGRITY_are_ignored(Trial t)
    {
        var client = t.Challenged();
        var request = Classic(client, TurnClient.AllocateRequest()).Add(Attr.UnknownRequired, "what"u8).Add(Attr.EvenPort, [0x80]);
        client.Allocated(client.MustAnswer(request)).MustNotHave(Attr.ReservationToken, "RESERVATION-TOKEN");
    }

    [Check("8489 9")]
    public static void Attributes_behind_MESSAGE_INTEGRITY_SHA256_are_ignored(Trial t)
    {
        var client = WithSha256(t);
        var request = client.Sign(TurnClient.AllocateRequest()).Add(Attr.UnknownRequired, "what"u8).Add(Attr.EvenPort, [0x80]);
        client.Allocated(client.MustAnswer(request)).MustNotHave(Attr.ReservationToken, "RESERVATION-TOKEN");
    }

    [Check("8489 9")]
    public static void A_FINGERPRINT_behind_integrity_is_checked(Trial t)
    {
        var client = t.Challenged();
        client.Allocated(client.MustAnswer(client.Sign(TurnClient.AllocateRequest()).AddFingerprint()));
    }

    [Check("8489 14.5")]
    public static void A_request_that_was_altered_is_answered_401(Trial t)
    {
        var client = t.Challenged();
        var request = client.Sign(TurnClient.AllocateRequest().Add(Attr.Lifetime, 777));
        var bytes = request.ToArray();
        // The last byte of LIFETIME, behind REQUESTED-TRANSPORT.
        bytes[20 + 8 + 7] ^= 1;
        client.Send(bytes);
        var answer = Incoming.Read(client.Receive());
        Require(answer is { Error: 401 }, $"it is answered with {answer}");
    }

    [Check("8489 14.6")]
    public static void A_MESSAGE_INTEGRITY_SHA256_of_less_than_16_bytes_is_not_taken(Trial t)
    {
        var client = WithSha256(t);
        foreach (var length in new[] { 4, 12 })
        {
            var response = client.MustAnswer(client.AddNames(TurnClient.AllocateRequest()).AddIntegritySha256(client.Sha256Key, length));
            Require(!response.IsSuccess, $"{length} bytes of the HMAC were enough");
        }
    }

    [Check("8489 14.4", Needs.Userhash)]
    public static void The_hash_of_name_and_realm_stands_for_the_name(Trial t)
    {
        var client = t.Challenged();
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{client.User.Name}:{client.Realm}"));
        var request = TurnClient.AllocateRequest().Add(Attr.Userhash, hash).Add(Attr.Realm, client.Realm).Add(Attr.Nonce, client.Nonce)
            .Add(Attr.PasswordAlgorithms, client.Algorithms).Add(Attr.PasswordAlgorithm, 0x00020000u);
        client.Allocated(client.MustAnswer(client.AddIntegrity(request)));
    }

    static void MustBeProtected(TurnClient client, Outgoing request, int error) =>
        Require(client.IsProtected(client.AskSigned(request).MustBe(error)), $"the {error} is not protected");

    /// <summary>A client whose server offers SHA-256.</summary>
    /// <exception cref="CheckFailedException">It does not.</exception>
    static TurnClient WithSha256(Trial t)
    {
        var client = t.Challenged();
        Require(client.HasSha256, "the 401 offers no SHA-256 in PASSWORD-ALGORITHMS");
        return client;
    }

    static Outgoing Names(TurnClient client, Outgoing request) =>
        request.Add(Attr.Username, client.User.Name).Add(Attr.Realm, client.Realm).Add(Attr.Nonce, client.Nonce);

    /// <summary>As clients of RFC 5389 sign.</summary>
    static Outgoing Classic(TurnClient client, Outgoing request) => Names(client, request).AddIntegrity(client.Md5Key);

    static void MustRepeatNothing(Incoming response) => response.MustNotHave(Attr.Realm, "REALM").MustNotHave(Attr.Nonce, "NONCE")
        .MustNotHave(Attr.Username, "USERNAME").MustNotHave(Attr.Userhash, "USERHASH");
}
