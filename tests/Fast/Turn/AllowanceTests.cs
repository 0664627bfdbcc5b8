using System.Collections.Immutable;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Limits that a credential carries: how many allocations, and which peers.</summary>
public class AllowanceTests
{
    static readonly SharedSecret Secret = TurnStand.Secret("north");

    static readonly CredentialSources Sources = TokenClient.Sources with
    {
        Secrets = [Secret],
        TokenKeys = [new(TokenClient.First, "gateway"), new(TokenClient.Second)],
        Profiles = new Dictionary<string, CredentialLimits>
        {
            ["gateway"] = new() { MaxAllocations = 2, Peers = ["9.9.9.0/24", "2620:fe::/48"] },
            ["few"] = new() { MaxAllocations = 1 },
        }.ToImmutableDictionary(),
    };

    [Theory]
    [InlineData("9.9.9.9:9", 0)]
    [InlineData("9.9.8.9:9", 403)]
    [InlineData("10.0.0.1:9", 403)]
    public void A_peer_outside_of_the_credentials_ranges_is_forbidden_everywhere(string peer, int expected)
    {
        var stand = Stand();
        var client = new TokenClient(stand);
        client.Allocate();
        Assert.Equal(expected, client.Permit(peer).Code);
        Assert.Equal(expected, client.Bind(0x4000, peer).Code);
    }

    [Fact]
    public void A_range_of_the_credential_does_not_open_what_the_server_forbids()
    {
        var policy = new PeerPolicy(TurnStand.Ordinary, new(TurnStand.Ordinary));
        var allowance = new Allowance(new() { Peers = ["10.0.0.0/8", "0.0.0.0/0"] });
        Assert.False(policy.AllowsAddress(TurnStand.IP("10.0.0.1:1"), allowance));
        Assert.True(policy.AllowsAddress(TurnStand.IP("9.9.9.9:1"), allowance));
        Assert.False(policy.AllowsAddress(TurnStand.IP("[2620:fe::fe]:1"), allowance));
    }

    [Fact]
    public void An_IPv6_address_that_carries_an_IPv4_address_must_be_allowed_as_both()
    {
        var settings = TurnStand.Ordinary with { AllowPeers = [AddressRange.Parse("64:ff9b::/96")] };
        var policy = new PeerPolicy(settings, new(settings));
        var peer = TurnStand.IP("[64:ff9b::9.9.9.9]:1");
        Assert.True(policy.Allows(peer));
        Assert.False(policy.Allows(peer, new(new() { Peers = ["::/0"] })));
        Assert.False(policy.Allows(peer, new(new() { Peers = ["::/0", "9.9.8.0/24"] })));
        Assert.True(policy.Allows(peer, new(new() { Peers = ["::/0", "9.9.9.0/24"] })));
    }

    [Fact]
    public void The_limit_of_allocations_is_the_lesser_of_the_servers_and_the_credentials()
    {
        var stand = Stand();
        var minted = TokenClient.Mint(stand.Now);
        int Allocate(int n) => new TokenClient(stand, $"203.0.113.1:{n}").Take(minted).Allocate().Code;
        Assert.Equal([0, 0, 486], Enumerable.Range(1, 3).Select(Allocate));
        var other = TokenClient.Mint(stand.Now, TokenClient.Second, id: "grant002");
        Assert.All(Enumerable.Range(1, 5),
            n => Assert.Equal(0, new TokenClient(stand, $"203.0.113.2:{n}").Take(other).Allocate().Code));
    }

    [Theory]
    [InlineData("4f9c2d7e1b6a.few", 0, 486)]
    [InlineData("4f9c2d7e1b6a", 0, 0)]
    // A profile that this server does not know might have meant to forbid.
    [InlineData("4f9c2d7e1b6a.many", 401, 401)]
    // Names of another form belong to whoever made them.
    [InlineData("carol@example.org", 0, 0)]
    [InlineData("carol.few", 0, 0)]
    public void A_time_limited_name_may_end_with_the_profile_of_its_limits(string user, int first, int second)
    {
        var stand = Stand();
        var minted = TimeLimitedCredential.MintFor(Secret, stand.Now.UnixSeconds + 60, user);
        int Allocate(int n) => new TurnClient(stand, $"203.0.113.1:{n}", minted.Username, minted.Password).Allocate().Code;
        Assert.Equal((first, second), (Allocate(1), Allocate(2)));
    }

    [Fact]
    public void The_profile_is_not_part_of_whom_a_name_is_charged_to()
    {
        var stand = Stand();
        var minted = TimeLimitedCredential.Mint(Secret, stand.Now.UnixSeconds + 60, "4f9c2d7e1b6a.gateway");
        new TurnClient(stand, username: minted.Username, password: minted.Password).Allocate();
        Assert.Equal(1, stand.Ledger.Charged(Subject.OfId("4f9c2d7e1b6a")[0]));
    }

    [Fact]
    public void A_narrower_token_takes_away_the_channels_and_permissions_that_it_does_not_allow()
    {
        var stand = Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, TokenClient.Second));
        client.Allocate();
        client.Bind(0x4000, "9.9.9.9:9");
        client.Bind(0x4001, "8.8.8.8:8");
        client.Permit("7.7.7.7:7");
        client.Take(TokenClient.Mint(stand.Now)).Refresh();
        var relay = stand.Asked.Single().Relay;
        var raw = new TurnClient(stand);
        Assert.Equal(ForwardKind.ToPeer, raw.Data(0x4000, "yes").Forward.Kind);
        Assert.Equal(DropReason.NoChannel, raw.Data(0x4001, "no").Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer, raw.SendTo("7.7.7.7:7", "no").Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer, stand.FromPeer(relay, TurnStand.IP("8.8.8.8:8"), "no"u8).Forward.Reason);
        Assert.Equal(DropReason.ForbiddenPeer, stand.FromPeer(relay, TurnStand.IP("7.7.7.7:7"), "no"u8).Forward.Reason);
        Assert.Equal(ForwardKind.ToClient, stand.FromPeer(relay, TurnStand.IP("9.9.9.9:9"), "yes"u8).Forward.Kind);
    }

    [Theory]
    [InlineData("Few")]
    [InlineData("")]
    [InlineData("a.b")]
    [InlineData("abcdefghijklmnopqrst")]
    public void A_profile_that_no_name_could_end_with_is_refused_at_the_start(string name) =>
        Assert.Throws<ArgumentException>(() => new CredentialVerifier(
            Sources with { Profiles = Sources.Profiles.Add(name, CredentialLimits.None) }));

    [Fact]
    public void Limits_that_make_no_sense_are_refused_at_the_start()
    {
        var everywhere = new CredentialLimits { Peers = ["everywhere"] };
        Assert.Contains("10.0.0.0/8", Assert.Throws<ArgumentException>(() => new Allowance(everywhere)).Message);
        Assert.Throws<ArgumentException>(() => new Allowance(new() { MaxAllocations = -1 }));
        Assert.Contains("nobody defined", Assert.Throws<ArgumentException>(() => new CredentialVerifier(
            Sources with { TokenKeys = [new(TokenClient.First, "silver")] })).Message);
    }

    static TurnStand Stand() => new(verifier: new CredentialVerifier(Sources));
}
