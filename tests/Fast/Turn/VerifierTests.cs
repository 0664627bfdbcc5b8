using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>In which order credentials are looked for, and how one set of them takes the place of another.</summary>
public class VerifierTests
{
    const long Start = 1_800_000_000;

    [Fact]
    public void A_pushed_name_comes_before_a_static_one_and_is_found_by_its_hash()
    {
        var pushed = new Pushed("alice", "looking-glass", "registration1");
        var stand = Stand(pushed);
        Assert.Equal(401, new TurnClient(stand).Allocate().Code);
        var client = new TurnClient(stand, password: "looking-glass") { ByHash = true };
        Assert.True(client.Bare(StunMethod.Allocate).Features.HasFlag(SecurityFeatures.UsernameAnonymity));
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(new(CredentialKind.Pushed, Bytes.Utf8("registration1")), stand.Ledger.Sessions().Single().Subject);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.2:2", "bob", "builder") { ByHash = true }.Allocate().Code);
    }

    [Fact]
    public void What_runs_on_a_pushed_credential_ends_with_it_unless_it_is_given_more_time_before()
    {
        var pushed = new Pushed("x", "y", "registration1") { Ends = Start + 300 };
        var stand = Stand(pushed);
        var client = new TurnClient(stand, username: "x", password: "y");
        Assert.Equal(300u, client.Allocate().Lifetime);
        stand.Pass(200);
        Assert.Equal(100u, client.Refresh().Lifetime);
        pushed.Ends = Start + 1000;
        Assert.Equal(600u, client.Refresh().Lifetime);
        stand.Pass(600);
        Assert.Single(stand.Closed);
    }

    [Fact]
    public void The_key_of_a_pushed_name_may_change_within_an_allocation()
    {
        var pushed = new Pushed("x", "y", "registration1");
        var stand = Stand(pushed);
        var client = new TurnClient(stand, username: "x", password: "y");
        client.Allocate();
        pushed.Password = client.Password = "z";
        Assert.Equal(0, client.Refresh().Code);
        Assert.Equal(0, client.Permit("9.9.9.9:9").Code);
        client.Password = "y";
        Assert.Equal(401, client.Refresh().Code);
    }

    [Fact]
    public void What_is_being_opened_when_its_pushed_credential_is_taken_back_never_begins()
    {
        var pushed = new Pushed("x", "y", "registration1");
        var stand = Stand(pushed);
        stand.Outside = _ => null;
        new TurnClient(stand, username: "x", password: "y").Allocate();
        pushed.Password = "";
        stand.Order(new TurnOrder.Revoke(Subject.OfId("registration1")));
        var relay = stand.Asked.Single().Relay;
        stand.Opened.Add(relay);
        var question = stand.Effects.OfType<TurnEffect.Ask>().Single().Id;
        Assert.Equal(401, stand.Answer(question, new TurnAnswer.RelayOpened(relay)).Code);
        Assert.Empty(stand.Ledger.Sessions());
    }

    [Fact]
    public void What_is_being_opened_for_one_registration_does_not_begin_for_another_of_the_same_name()
    {
        var pushed = new Pushed("x", "y", "registration1");
        var stand = Stand(pushed);
        stand.Outside = _ => null;
        new TurnClient(stand, username: "x", password: "y").Allocate();
        pushed.Registration = "registration2";
        stand.Order(new TurnOrder.Revoke(Subject.OfId("registration1")));
        var relay = stand.Asked.Single().Relay;
        stand.Opened.Add(relay);
        var question = stand.Effects.OfType<TurnEffect.Ask>().Single().Id;
        Assert.Equal(508, stand.Answer(question, new TurnAnswer.RelayOpened(relay)).Code);
        Assert.Equal((0, relay), (stand.Ledger.PortsHeld, stand.Closed.Single()));
    }

    [Fact]
    public void Another_verifier_finds_what_is_new_and_leaves_what_lives()
    {
        var stand = TokenClient.Stand();
        var (byToken, byName) = (new TokenClient(stand, "203.0.113.1:1"), new TurnClient(stand, "203.0.113.2:2"));
        Assert.Equal((0, 0), (byToken.Allocate().Code, byName.Allocate().Code));
        // The first key and both users are gone; the nonces that were given out stay good.
        stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(
            TokenClient.Sources with { Users = [], TokenKeys = [new(TokenClient.Second)] })));
        Assert.Equal((0, 0), (byToken.Refresh().Code, byName.Refresh().Code));
        Assert.Equal(401, new TurnClient(stand, "203.0.113.3:3").Allocate().Code);
        Assert.Equal(401, new TokenClient(stand, "203.0.113.4:4").Allocate().Code);
        var second = TokenClient.Mint(stand.Now, TokenClient.Second);
        Assert.Equal(0, new TokenClient(stand, "203.0.113.5:5").Take(second).Allocate().Code);
        Assert.Equal(0, byToken.Take(second).Refresh().Code);
    }

    [Fact]
    public void Where_names_may_no_longer_go_as_hashes_a_client_is_asked_again()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand) { ByHash = true };
        client.Allocate();
        stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(TokenClient.Sources)));
        var reply = client.Refresh();
        Assert.Equal((438, SecurityFeatures.PasswordAlgorithms), (reply.Code, reply.Features));
        Assert.Equal(TokenClient.Server, reply.ServerName);
    }

    static TurnStand Stand(IPushedCredentials pushed) => new(verifier: new CredentialVerifier(
        new() { Realm = TurnStand.Realm, Users = [new("alice", "wonderland"), new("bob", "builder")], Pushed = pushed }));

    /// <summary>A table of one name.</summary>
    sealed class Pushed(string name, string password, string registration) : IPushedCredentials
    {
        public string Password { get; set; } = password;

        public string Registration { get; set; } = registration;

        public long Ends { get; set; } = Start + 3600;

        public bool TryFind(Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, out FoundCredential found)
        {
            found = default;
            if (!username.SequenceEqual(Bytes.Utf8(name).Span) || Ends <= now.UnixSeconds) return false;
            if (!LongTermKey.TryDerive(algorithm, name, TurnStand.Realm, Password, out var key)) return false;
            found = new(new(key.Span), new(CredentialKind.Pushed, Bytes.Utf8(Registration))) { EndsAt = now.AtUnixSeconds(Ends) };
            return true;
        }

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) =>
            UserHash.TryCompute(name, TurnStand.Realm, out var hash) && hash.Span.SequenceEqual(userHash)
                ? Bytes.Utf8(name)
                : null;
    }
}
