using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Sip;
using Portunus.Tests.Fast.Epcscf;

namespace Portunus.Tests.Fast.HomeCore;

/// <summary>Trusted node authentication (TS 33.203 Annex U): the edge has authenticated the user, and the core takes its word.</summary>
public class TrustedNodeTests
{
    const string Pool = $"pool@{Home.Domain}";

    readonly Desk _desk = new();

    static Subscriber PoolSubscriber { get; } = new(Pool, [$"sip:u1@{Home.Domain}", "tel:+1"], [])
    {
        MoreSets = [[$"sip:u2@{Home.Domain}", "tel:+2"]],
        AllowedWebFunctions = ["waf.example.com"],
    };

    [Fact]
    public void Whom_a_trusted_edge_has_authenticated_is_not_challenged() =>
        Assert.Equal(200, _desk.Ask(Vouched(Desk.Alice), Desk.Subscriber).Status);

    [Theory]
    [InlineData("auth-done")]
    [InlineData("tls-yes")]
    public void The_word_of_a_node_that_is_not_trusted_is_refused_before_anybody_is_asked(string word)
    {
        _desk.Cscf.OnEdge(_desk.Now, Vouched(Desk.Alice, word), isTrusted: false);
        var effects = _desk.Effects();
        Assert.Equal(403, Desk.Sent(effects).Status);
        Assert.Contains(new CscfEffect.Audit(CscfEvent.Untrusted, $"sip:{Desk.Alice}"), effects);
        Assert.Equal(2, effects.Count);
    }

    [Fact]
    public void The_word_of_a_node_that_is_not_trusted_counts_on_no_line()
    {
        var register = Vouched(Desk.Alice);
        register.Insert(HeaderName.Authorization,
            $"Digest username=\"{Desk.Alice}\", realm=\"elsewhere\", nonce=\"\", uri=\"sip:x\", response=\"\"");
        _desk.Cscf.OnEdge(_desk.Now, register, isTrusted: false);
        Assert.Equal(403, Desk.Sent(_desk.Effects()).Status);
    }

    [Fact]
    public void A_word_for_another_realm_is_none()
    {
        var register = Vouched(Desk.Alice);
        register.Set(HeaderName.Authorization, DigestCredentials.Of(register)!.With("realm", "elsewhere.net"));
        Assert.Equal(401, _desk.Ask(register, Desk.Subscriber).Status);
    }

    [Fact]
    public void A_node_that_is_not_trusted_may_bring_a_digest()
    {
        _desk.Cscf.OnEdge(_desk.Now, _desk.Register(), isTrusted: false);
        Assert.Equal(401, Desk.Sent(_desk.Answer(Assert.Single(_desk.Effects()), Desk.Subscriber)).Status);
    }

    [Theory]
    [InlineData("waf.example.com", 200)]
    [InlineData("WAF.example.com", 200)]
    [InlineData("waf.example.org", 403)]
    [InlineData("", 403)]
    [InlineData(null, 200)]
    public void A_third_partys_WAF_that_is_not_in_Allowed_WAF_WWSF_Identities_signs_nobody_in(string? waf, int status) =>
        Assert.Equal(status, _desk.Ask(Vouched(Pool, waf: waf, identity: $"sip:u1@{Home.Domain}"), PoolSubscriber).Status);

    [Fact]
    public void A_profile_without_a_list_allows_any_WAF_that_the_edge_trusts() =>
        Assert.Equal(200, _desk.Ask(Vouched(Desk.Alice, waf: "waf.example.org"), Desk.Subscriber).Status);

    [Fact]
    public void The_users_of_a_pool_share_a_private_identity_and_nothing_else()
    {
        var one = _desk.Ask(Vouched(Pool, waf: "waf.example.com", identity: $"sip:u1@{Home.Domain}"), PoolSubscriber);
        Assert.Equal($"<sip:u1@{Home.Domain}>, <tel:+1>", one.Get(HeaderName.PAssociatedUri));
        var two = _desk.Ask(
            Vouched(Pool, waf: "waf.example.com", identity: $"sip:u2@{Home.Domain}", contact: "<sip:b@y.invalid>"), PoolSubscriber);
        Assert.Equal($"<sip:u2@{Home.Domain}>, <tel:+2>", two.Get(HeaderName.PAssociatedUri));
        Assert.Equal("b", Assert.Single(two.Contacts).Uri.User);

        var call = _desk.Request(SipMethod.Message, "tel:+1");
        call.Add(HeaderName.PAssertedIdentity, $"<sip:u2@{Home.Domain}>");
        call.Add(HeaderName.Route, "<sip:orig@core.example.net;lr>");
        Assert.Equal("sip:a@x.invalid", Desk.Sent(_desk.Put(call)).RequestUriText);
    }

    [Fact]
    public void An_identity_outside_of_the_block_is_refused() =>
        Assert.Equal(
            403, _desk.Ask(Vouched(Pool, waf: "waf.example.com", identity: $"sip:u9@{Home.Domain}"), PoolSubscriber).Status);

    [Fact]
    public void Who_has_no_digest_is_challenged_as_nobody_is_and_no_answer_is_right()
    {
        var known = _desk.Ask(_desk.Register(), Desk.Subscriber with { Secrets = [] });
        Assert.Equal(
            DigestChallenge.Choose(_desk.Ask(_desk.Register(), null))!.Algorithm, DigestChallenge.Choose(known)!.Algorithm);
        Assert.Equal(403, _desk.Ask(_desk.Answering(known), Desk.Subscriber with { Secrets = [] }).Status);
    }

    SipMessage Vouched(
        string impi, string word = "auth-done", string? waf = null, string identity = $"sip:{Desk.Alice}",
        string contact = "<sip:a@x.invalid>;expires=600")
    {
        var register = _desk.Register(contact);
        register.Set(HeaderName.To, $"<{identity}>");
        var entity = waf is null ? "" : $", authorization-entity=\"{waf}\"";
        register.Add(HeaderName.Authorization,
            $"Digest username=\"{impi}\", realm=\"{Home.Domain}\", nonce=\"\", uri=\"sip:{Home.Domain}\", response=\"\", "
            + $"integrity-protected=\"{word}\"{entity}");
        return register;
    }
}
