using System.Security.Cryptography;
using System.Text;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>The challenges of the long-term mechanism (RFC 8489 §9.2.4).</summary>
static class Challenges
{
    [Check("8489 9.2.4")]
    public static void A_request_without_integrity_is_answered_401_with_realm_and_nonce(Trial t)
    {
        foreach (var request in new[] { TurnClient.AllocateRequest(), TurnClient.AllocateRequest().Add(Attr.Username, t.Target.User.Name) })
            MustChallenge(t.Connect().MustAnswer(request).MustBe(401), t);
    }

    [Check("8489 9.2.4")]
    public static void A_401_names_no_user_and_is_not_protected(Trial t) => MustNameNobody(t.Connect().Challenge());

    [Check("8489 9.2")]
    public static void The_nonce_begins_with_the_cookie_and_the_security_features(Trial t) => Features(t.Connect().Challenge());

    [Check("8489 9.2.4")]
    public static void The_bit_of_password_algorithms_stands_in_the_nonce_if_and_only_if_the_attribute_is_there(Trial t)
    {
        var challenge = t.Connect().Challenge();
        var bit = (Features(challenge)[0] & 0x80) != 0;
        Require(bit == challenge.Has(Attr.PasswordAlgorithms), bit
            ? "the nonce speaks of PASSWORD-ALGORITHMS, which are not there"
            : "PASSWORD-ALGORITHMS are there, of which the nonce does not speak");
    }

    [Check("8489 9.2.4", Needs.Userhash)]
    public static void The_bit_of_username_anonymity_is_set_where_a_hash_is_taken(Trial t) =>
        Require((Features(t.Connect().Challenge())[0] & 0x40) != 0, "the bit of username anonymity is not set");

    [Check("8489 9.2.4")]
    public static void No_two_clients_get_the_same_nonce(Trial t)
    {
        var nonces = Enumerable.Range(0, 5).Select(_ => t.Connect().Challenge().Text(Attr.Nonce)).ToArray();
        Require(nonces.Distinct().Count() == nonces.Length, "two five-tuples got the same nonce");
    }

    [Check("8489 14.9")]
    public static void Realm_and_nonce_are_text_of_less_than_128_characters(Trial t)
    {
        var challenge = t.Connect().Challenge();
        Messages.MustBeText(challenge.MustHave(Attr.Realm, "REALM").Get(Attr.Realm), 127, "REALM");
        Messages.MustBeText(challenge.MustHave(Attr.Nonce, "NONCE").Get(Attr.Nonce), 127, "NONCE");
    }

    [Check("8489 9.2.4")]
    public static void Integrity_without_username_realm_or_nonce_is_answered_400(Trial t)
    {
        var client = t.Challenged();
        foreach (var missing in new[] { Attr.Username, Attr.Realm, Attr.Nonce })
        {
            var request = TurnClient.AllocateRequest();
            if (missing != Attr.Username) request.Add(Attr.Username, client.User.Name);
            if (missing != Attr.Realm) request.Add(Attr.Realm, client.Realm);
            if (missing != Attr.Nonce) request.Add(Attr.Nonce, client.Nonce);
            client.MustAnswer(request.AddIntegrity(client.Md5Key)).MustBe(400);
        }
    }

    [Check("8489 9.2.4")]
    public static void The_400_for_what_is_missing_has_no_user_realm_or_nonce(Trial t)
    {
        var client = t.Challenged();
        var request = TurnClient.AllocateRequest().Add(Attr.Username, client.User.Name).AddIntegrity(client.Md5Key);
        client.MustAnswer(request).MustBe(400).MustNotHave(Attr.Username, "USERNAME").MustNotHave(Attr.Userhash, "USERHASH")
            .MustNotHave(Attr.Nonce, "NONCE").MustNotHave(Attr.Realm, "REALM");
    }

    [Check("8489 9.2.4")]
    public static void An_unknown_user_is_answered_401_with_a_new_challenge(Trial t)
    {
        var client = t.Challenged(new("nobody-of-this-name", "x"));
        var refused = client.AskSigned(TurnClient.AllocateRequest()).MustBe(401);
        MustChallenge(refused, t);
        MustNameNobody(refused);
    }

    [Check("8489 9.2.4")]
    public static void A_wrong_password_is_answered_401_with_a_new_challenge(Trial t)
    {
        var client = t.Challenged(t.Target.User with { Password = "not this one" });
        var refused = client.AskSigned(TurnClient.AllocateRequest()).MustBe(401);
        MustChallenge(refused, t);
        MustNameNobody(refused);
    }

    [Check("8489 9.2.4")]
    public static void The_401_for_a_user_or_a_password_has_PASSWORD_ALGORITHMS(Trial t)
    {
        foreach (var user in new[] { new User("nobody-of-this-name", "x"), t.Target.User with { Password = "not this one" } })
            t.Challenged(user).AskSigned(TurnClient.AllocateRequest()).MustBe(401).MustHave(Attr.PasswordAlgorithms, "PASSWORD-ALGORITHMS");
    }

    [Check("8489 9.2.4")]
    public static void A_nonce_that_is_not_the_servers_is_answered_438_with_one_that_is(Trial t)
    {
        var client = t.Challenged();
        var own = client.Nonce;
        client.Nonce = [.. own.Take(own.Length - 1), (byte)(own[^1] == 'a' ? 'b' : 'a')];
        var stale = client.AskSigned(TurnClient.AllocateRequest()).MustBe(438);
        stale.MustHave(Attr.Nonce, "NONCE").MustHave(Attr.Realm, "REALM").MustNotHave(Attr.Username, "USERNAME")
            .MustNotHave(Attr.Userhash, "USERHASH");
        client.Keep(stale);
        client.Allocated(client.AskSigned(TurnClient.AllocateRequest()));
    }

    [Check("8489 9.2.4")]
    public static void A_438_has_PASSWORD_ALGORITHMS(Trial t)
    {
        var client = t.Challenged();
        client.Nonce = [.. Enumerable.Repeat((byte)'7', 20)];
        client.AskSigned(TurnClient.AllocateRequest()).MustBe(438).MustHave(Attr.PasswordAlgorithms, "PASSWORD-ALGORITHMS");
    }

    [Check("8489 9.2.4")]
    public static void A_nonce_of_another_five_tuple_is_answered_438(Trial t)
    {
        var (one, other) = (t.Challenged(), t.Challenged());
        other.Nonce = one.Nonce;
        other.AskSigned(TurnClient.AllocateRequest()).MustBe(438);
    }

    [Check("8489 14.3")]
    public static void A_username_of_763_bytes_is_read(Trial t)
    {
        var client = t.Challenged(new(new string('n', 763), "x"));
        MustChallenge(client.MustAnswer(client.Sign(TurnClient.AllocateRequest())).MustBe(401), t);
    }

    [Check("8656 5", Needs.SecondUser)]
    public static void A_user_who_did_not_allocate_is_answered_441(Trial t)
    {
        var owner = t.Allocated();
        using var other = owner.As(t.Target.SecondUser!);
        other.AskSigned(() => TurnClient.RefreshRequest(600)).MustBe(441);
        other.AskSigned(() => TurnClient.PermissionRequest(t.AnyPeer)).MustBe(441);
        other.AskSigned(() => TurnClient.ChannelRequest(0x4000, t.AnyPeer)).MustBe(441);
        owner.AskSigned(() => TurnClient.RefreshRequest(600)).MustSucceed();
    }

    [Check("8656 5", Needs.Slow)]
    public static void A_nonce_is_stale_after_an_hour(Trial t)
    {
        var client = t.Challenged();
        Pause.For(TimeSpan.FromMinutes(61));
        client.AskSigned(TurnClient.AllocateRequest()).MustBe(438);
    }

    /// <summary>REALM and NONCE, with the realm that the operator told.</summary>
    static void MustChallenge(Incoming response, Trial t)
    {
        response.MustHave(Attr.Realm, "REALM").MustHave(Attr.Nonce, "NONCE");
        Require(response.Text(Attr.Realm) == t.Target.Realm, $"the realm is '{response.Text(Attr.Realm)}'");
    }

    static void MustNameNobody(Incoming response) => response.MustNotHave(Attr.Username, "USERNAME")
        .MustNotHave(Attr.Userhash, "USERHASH").MustNotHave(Attr.Integrity, "MESSAGE-INTEGRITY")
        .MustNotHave(Attr.IntegritySha256, "MESSAGE-INTEGRITY-SHA256");

    /// <summary>The 24 bits behind the cookie; bit 0 is the leftmost (RFC 8489 §18.1).</summary>
    static byte[] Features(Incoming challenge)
    {
        var nonce = challenge.Text(Attr.Nonce);
        Require(nonce.StartsWith("obMatJos2", StringComparison.Ordinal), $"the nonce '{nonce}' has no cookie");
        var bits = new byte[3];
        Require(nonce.Length >= 13 && Convert.TryFromBase64String(nonce[9..13], bits, out var count) && count == 3,
            $"the nonce '{nonce}' has no base64 of 24 bits behind the cookie");
        return bits;
    }
}
