using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>Approach 2, pull: the edge keeps a credential for the TURN server that asks, and no TURN server is waited for.</summary>
public sealed class PullTests
{
    const string Give = "Turn-Credential";

    readonly Home _home = new(provisioning: new PullProvisioning(
        new([Site("turn1"), Site("turn2")]), new SeededRandom(7), new CredentialLimits { MaxAllocations = 4 }));

    readonly Browser _alice;

    public PullTests()
    {
        _alice = new(_home, 1, "alice");
        // Nobody would acknowledge a push.
        _home.Acknowledging = null;
    }

    IEnumerable<PushedCredential> Kept => _home.Asked.Select(ask => ((EdgeQuestion.Keep)ask.Question).Credential);

    [Fact]
    public void A_credential_is_kept_before_the_200_goes_out_and_its_keys_are_those_of_the_password()
    {
        var given = Given(_alice.RegisterAsking());
        Assert.Equal(2, given.Uris.Count);
        var kept = Assert.Single(Kept);
        Assert.Equal((given.Username, Home.Domain, 4), (kept.Username, kept.Realm, kept.Limits.MaxAllocations));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, given.Username, Home.Domain, given.Credential, out var md5));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Sha256, given.Username, Home.Domain, given.Credential, out var sha256));
        Assert.True(md5.Span.SequenceEqual(kept.KeyMd5.Span) && sha256.Span.SequenceEqual(kept.KeySha256.Span));
        Assert.DoesNotContain(given.Credential, _home.Asked[0].Question.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_refresh_keeps_name_and_password_and_moves_the_end()
    {
        var before = Given(_alice.RegisterAsking());
        _home.Pass(TimeSpan.FromMinutes(6));
        var after = Given(_alice.RegisterAsking());
        Assert.Equal((before.Username, before.Credential), (after.Username, after.Credential));
        Assert.Equal(2, Kept.Count());
        Assert.True(Kept.Last().Expires > Kept.First().Expires && Kept.Last().Sequence > Kept.First().Sequence);
    }

    [Fact]
    public void Without_room_the_200_goes_out_without_the_header()
    {
        _home.HasRoom = false;
        var confirmed = _alice.RegisterAsking();
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(Give)));
    }

    [Fact]
    public void The_end_of_the_registration_withdraws_the_credential_above_all_that_was_said_of_it()
    {
        var given = Given(_alice.RegisterAsking());
        _alice.Register(expires: 0);
        var withdrawal = Assert.Single(_home.Withdrawn);
        Assert.Equal((given.Username, Home.Domain), (withdrawal.Username, withdrawal.Realm));
        Assert.True(withdrawal.Sequence > Kept.Single().Sequence);
    }

    static TurnSite Site(string name) => new(name, Home.Domain, Home.Uri($"turn:{name}.example.net:3478?transport=udp"));

    static PasswordCredential Given(SipMessage message)
    {
        Assert.True(TypedValue.TryParse(message.Get(Give), out var value));
        var parameters = value.Parameters.Select(p => new NameValue(p.Name, p.Value!, p.Quoted)).ToArray();
        Assert.True(TurnCredential.TryRead(value.Type, parameters, out var credential));
        return Assert.IsType<PasswordCredential>(credential);
    }
}
