using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>How long an allocation lives on a credential that ends, and how a newer one carries it on (RFC 7635 §9).</summary>
public class TokenLifetimeTests
{
    [Theory]
    // lifetime + Delta - age, and no more than the lifetime.
    [InlineData(300, 0, 300)]
    [InlineData(300, 5, 300)]
    [InlineData(300, 100, 205)]
    [InlineData(300, 304, 1)]
    [InlineData(3600, 0, 600)]
    public void An_allocation_is_given_no_more_time_than_its_token_has(uint lifetime, int age, uint expected)
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, lifetime: lifetime));
        stand.Pass(age);
        Assert.Equal(expected, client.Allocate().Lifetime);
        Assert.Equal(expected, client.Refresh().Lifetime);
    }

    [Fact]
    public void A_token_dated_ahead_gives_no_more_than_its_lifetime()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now + TimeSpan.FromSeconds(5), lifetime: 60));
        Assert.Equal(60u, client.Allocate().Lifetime);
    }

    [Fact]
    public void When_the_token_ends_the_allocation_ends()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, lifetime: 300));
        client.Allocate();
        stand.Pass(200);
        // Neither the token again nor the key alone gives it more.
        Assert.Equal(100u, client.Refresh(3600).Lifetime);
        Assert.Equal(100u, client.Refresh(3600, withToken: false).Lifetime);
        stand.Pass(99);
        Assert.Empty(stand.Closed);
        stand.Pass(1);
        Assert.Single(stand.Closed);
        Assert.Equal(AllocationEnd.CredentialEnded, Ended(stand).Reason);
        stand.Pass(5);
        Assert.Equal(401, client.Refresh().Code);
    }

    [Fact]
    public void A_Refresh_with_a_valid_token_under_a_new_kid_carries_the_allocation_on()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, lifetime: 300, id: "grant001"));
        client.Allocate();
        client.Bind(0x4000, "9.9.9.9:9");
        var before = (client.Kid, client.MacKey, client.Token);
        stand.Pass(200);
        client.Take(TokenClient.Mint(stand.Now, TokenClient.Second, id: "grant002"));
        var reply = client.Refresh(1000);
        Assert.Equal((0, 1000u), (reply.Code, reply.Lifetime!.Value));
        Assert.True(reply.VerifiesWith(client.Key));
        Assert.Equal(0, client.Permit("9.9.9.8:8").Code);
        Assert.Equal(TokenClient.Subject("grant002"), stand.Ledger.Sessions().Single().Subject);
        Assert.Equal(0, stand.Ledger.Charged(TokenClient.Subject("grant001")));
        Assert.Equal(1, stand.Ledger.Charged(TokenClient.Subject("grant002")));
        Assert.Equal(TokenClient.Subject("grant002"),
            Assert.IsType<TurnAudit.AllocationPassed>(stand.Effects.OfType<TurnEffect.Audit>().Last().Event).Subject);

        // What was under way with the token before is still answered, by its key, and changes nothing.
        client.Take(before);
        Assert.Equal(0, client.Permit("9.9.9.9:9").Code);
        Assert.Equal(600u, client.Refresh().Lifetime);
        Assert.Equal(TokenClient.Subject("grant002"), stand.Ledger.Sessions().Single().Subject);
        // Until its own time is over.
        stand.Pass(105);
        Assert.Equal(401, client.Permit("9.9.9.9:9").Code);
        Assert.Empty(stand.Closed);
    }

    [Fact]
    public void A_Refresh_under_a_new_kid_needs_a_token()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand);
        client.Allocate();
        client.Take(TokenClient.Mint(stand.Now, TokenClient.Second));
        Assert.Equal(401, client.Refresh(withToken: false).Code);
        Assert.Equal(401, client.Permit("9.9.9.9:9").Code);
    }

    [Fact]
    public void A_password_does_not_take_over_a_tokens_allocation_nor_a_token_a_passwords()
    {
        var stand = TokenClient.Stand();
        new TokenClient(stand, "203.0.113.1:1").Allocate();
        Assert.Equal(441, new TurnClient(stand, "203.0.113.1:1").Refresh().Code);
        new TurnClient(stand, "203.0.113.2:2").Allocate();
        Assert.Equal(441, new TokenClient(stand, "203.0.113.2:2").Refresh().Code);
        Assert.Equal(2, stand.Ledger.Sessions().Length);
    }

    [Fact]
    public void A_subject_that_has_all_it_may_have_does_not_carry_on_anothers_allocation()
    {
        var stand = TokenClient.Stand(TurnStand.Ordinary with { UserQuota = 1 });
        var client = new TokenClient(stand, "203.0.113.1:1").Take(TokenClient.Mint(stand.Now, id: "grant001"));
        client.Allocate();
        new TokenClient(stand, "203.0.113.2:2").Take(TokenClient.Mint(stand.Now, id: "grant002")).Allocate();
        Assert.Equal(486, client.Take(TokenClient.Mint(stand.Now, id: "grant002")).Refresh().Code);
        Assert.Equal(2, stand.Ledger.Sessions().Length);
    }

    [Fact]
    public void With_strict_expiry_a_time_limited_credential_ends_what_runs_on_it_and_a_renewed_name_is_still_441()
    {
        var secret = TurnStand.Secret("north");
        var stand = new TurnStand(verifier: new CredentialVerifier(
            new() { Realm = TurnStand.Realm, Secrets = [secret], StrictExpiry = true }));
        var minted = TimeLimitedCredential.Mint(secret, stand.Now.UnixSeconds + 99, "4f9c2d7e1b6a");
        var client = new TurnClient(stand, username: minted.Username, password: minted.Password);
        Assert.Equal(100u, client.Allocate().Lifetime);
        stand.Pass(50);
        Assert.Equal(50u, client.Refresh(3600).Lifetime);
        var renewed = TimeLimitedCredential.Mint(secret, stand.Now.UnixSeconds + 600, "4f9c2d7e1b6a");
        var later = new TurnClient(stand, username: renewed.Username, password: renewed.Password);
        Assert.Equal(441, later.Refresh().Code);
        stand.Pass(50);
        Assert.Equal(AllocationEnd.CredentialEnded, Ended(stand).Reason);
        Assert.Equal(401, client.Refresh().Code);
        Assert.Equal(0, later.Allocate().Code);
    }

    [Fact]
    public void A_clock_that_is_set_back_gives_a_running_allocation_no_more_time()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, lifetime: 300));
        client.Allocate();
        stand.Now = new(stand.Now.MonotonicTicks, stand.Now.WallTicks - TimeSpan.FromSeconds(200).Ticks);
        stand.Pass(100);
        Assert.Equal(200u, client.Refresh(3600).Lifetime);
        stand.Pass(200);
        Assert.Single(stand.Closed);
    }

    static TurnAudit.AllocationEnded Ended(TurnStand stand) =>
        Assert.IsType<TurnAudit.AllocationEnded>(stand.Effects.OfType<TurnEffect.Audit>().Last().Event);
}
