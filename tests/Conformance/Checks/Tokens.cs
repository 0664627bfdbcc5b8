using System.Security.Cryptography;
using Portunus.Tests.Conformance.Running;
using Portunus.Tests.Conformance.Targets;
using Portunus.Tests.Conformance.Wire;
using static Portunus.Tests.Conformance.Running.Trial;

namespace Portunus.Tests.Conformance.Checks;

/// <summary>Access tokens in place of passwords (RFC 7635).</summary>
static class Tokens
{
    [Check("7635 4", Needs.Token)]
    public static void A_401_names_the_server_for_which_tokens_are_made(Trial t)
    {
        var name = t.Connect().Challenge().MustHave(Attr.ThirdPartyAuthorization, "THIRD-PARTY-AUTHORIZATION")
            .Text(Attr.ThirdPartyAuthorization);
        Require(name == t.Target.TokenKey!.ServerName, $"THIRD-PARTY-AUTHORIZATION is '{name}'");
    }

    [Check("7635 6.2", Needs.Token)]
    public static void A_token_with_a_key_of_160_bits_allocates_and_its_key_protects_the_response(Trial t)
    {
        var client = t.Challenged(new(t.Target.TokenKey!.Kid, ""));
        var key = RandomNumberGenerator.GetBytes(20);
        client.UseToken(key);
        var token = Seal(t, key, DateTimeOffset.UtcNow, 600);
        var response = client.Allocated(client.AskSigned(With(token, TurnClient.AllocateRequest())));
        Require(response.IntegrityHolds(client.Key), "MESSAGE-INTEGRITY of the response is missing or not by mac_key");
        response = client.AskSigned(TurnClient.PermissionRequest(t.AnyPeer)).MustSucceed();
        Require(response.IntegrityHolds(client.Key), "MESSAGE-INTEGRITY of the CreatePermission response is missing or not by mac_key");
    }

    [Check("7635 9", Needs.Token)]
    public static void The_lifetime_is_at_most_that_of_the_token(Trial t)
    {
        // 5 s are Delta; what has passed since the token was issued only shortens it.
        var (client, token) = Holder(t, seconds: 200);
        MustLast(client.Allocated(client.AskSigned(With(token, TurnClient.AllocateRequest().Add(Attr.Lifetime, 1800)))), 205);
        MustLast(client.AskSigned(With(token, TurnClient.RefreshRequest(1800))).MustSucceed(), 205);
    }

    [Check("7635 9", Needs.Token)]
    public static void Another_token_refreshes_the_allocation(Trial t)
    {
        var (client, token) = Holder(t, seconds: 100);
        client.Allocated(client.AskSigned(With(token, TurnClient.AllocateRequest())));
        var key = MacKey();
        client.UseToken(key);
        var next = Seal(t, key, DateTimeOffset.UtcNow, 500);
        var response = client.AskSigned(With(next, TurnClient.RefreshRequest(1800))).MustSucceed();
        Require(response.Number(Attr.Lifetime) > 105, $"the lifetime is {response.Number(Attr.Lifetime)} s, by the first token");
        client.AskSigned(TurnClient.PermissionRequest(t.AnyPeer)).MustSucceed();
    }

    [Check("7635 6.2", Needs.Token)]
    public static void A_token_for_another_server_is_answered_401(Trial t)
    {
        var (client, key) = Stranger(t);
        var token = AccessToken.Seal(t.Target.TokenKey!.Key, "other.example.net", key, DateTimeOffset.UtcNow, 600);
        client.AskSigned(With(token, TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.Token)]
    public static void A_token_that_was_altered_is_answered_401(Trial t)
    {
        var (client, token) = Holder(t);
        foreach (var at in new[] { 3, 20, token.Length - 1 })
        {
            byte[] altered = [.. token];
            altered[at] ^= 1;
            client.AskSigned(With(altered, TurnClient.AllocateRequest())).MustBe(401);
        }
    }

    [Check("7635 7", Needs.Token)]
    public static void A_token_that_is_too_short_is_answered_401(Trial t)
    {
        var (client, token) = Holder(t);
        foreach (var length in new[] { 1, 13, 29, token.Length - 1 })
            client.AskSigned(With(token[..length], TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.Token)]
    public static void A_token_that_has_run_out_is_answered_401(Trial t)
    {
        var (client, key) = Stranger(t);
        var token = Seal(t, key, DateTimeOffset.UtcNow.AddSeconds(-700), 600);
        client.AskSigned(With(token, TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.Token)]
    public static void A_token_of_a_time_further_ahead_than_its_life_is_answered_401(Trial t)
    {
        var (client, key) = Stranger(t);
        var token = Seal(t, key, DateTimeOffset.UtcNow.AddSeconds(700), 600);
        client.AskSigned(With(token, TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.Token)]
    public static void A_wrong_mac_key_is_answered_401(Trial t)
    {
        var (client, token) = Holder(t);
        client.UseToken(MacKey());
        client.AskSigned(With(token, TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.Token)]
    public static void A_kid_that_the_server_does_not_have_is_answered_401(Trial t)
    {
        var key = MacKey();
        var client = t.Challenged(new("no-such-kid", ""));
        client.UseToken(key);
        client.AskSigned(With(Seal(t, key, DateTimeOffset.UtcNow, 600), TurnClient.AllocateRequest())).MustBe(401);
    }

    [Check("7635 7", Needs.FewPorts)]
    public static void An_ACCESS_TOKEN_where_tokens_are_not_taken_is_answered_420(Trial t)
    {
        var client = t.Challenged(at: t.Target.FewPorts);
        client.AskSigned(With(new byte[64], TurnClient.AllocateRequest())).MustBe(420);
    }

    [Check("8656 6", Needs.Token | Needs.Slow)]
    public static void An_allocation_ends_with_its_lifetime(Trial t)
    {
        // No other way gives a lifetime that one can wait for.
        var (client, token) = Holder(t, seconds: 10);
        var peer = t.Peer();
        client.Allocated(client.AskSigned(With(token, TurnClient.AllocateRequest())));
        client.AskSigned(TurnClient.PermissionRequest(peer.Address)).MustSucceed();
        Pause.For(TimeSpan.FromSeconds(20));
        peer.Send(client.Relayed, "too late");
        client.MustHearNothing();
        var fresh = MacKey();
        client.UseToken(fresh);
        var next = Seal(t, fresh, DateTimeOffset.UtcNow, 600);
        client.AskSigned(() => With(next, TurnClient.RefreshRequest(600))).MustBe(437);
    }

    /// <summary>160 bits of which the last 32 are zero: a server that counts only 128, which one check finds, passes the others.</summary>
    static byte[] MacKey() => [.. RandomNumberGenerator.GetBytes(16), 0, 0, 0, 0];

    static (TurnClient Client, byte[] MacKey) Stranger(Trial t)
    {
        var key = MacKey();
        var client = t.Challenged(new(t.Target.TokenKey!.Kid, ""));
        client.UseToken(key);
        return (client, key);
    }

    static (TurnClient Client, byte[] Token) Holder(Trial t, uint seconds = 600)
    {
        var (client, key) = Stranger(t);
        return (client, Seal(t, key, DateTimeOffset.UtcNow, seconds));
    }

    static byte[] Seal(Trial t, byte[] macKey, DateTimeOffset issued, uint seconds) =>
        AccessToken.Seal(t.Target.TokenKey!.Key, t.Target.TokenKey.ServerName, macKey, issued, seconds);

    static Outgoing With(byte[] token, Outgoing request) => request.Add(Attr.AccessToken, token);

    static void MustLast(Incoming response, uint most)
    {
        var seconds = response.MustHave(Attr.Lifetime, "LIFETIME").Number(Attr.Lifetime);
        Require(seconds > 0 && seconds <= most, $"the lifetime is {seconds} s");
    }
}
