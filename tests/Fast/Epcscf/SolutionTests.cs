using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>Each solution that an edge provides by, in each scenario: it works, or it is refused with its reason.</summary>
public class SolutionTests
{
    const string Ask = "Turn-Credential-Request";
    const string Give = "Turn-Credential";
    const string Server = "turn1.example.net";

    static readonly TokenKey Key = new("edge-1", TokenAlgorithm.A256Gcm, Home.Key.Span);

    [Fact]
    public void A1_in_S1() => Works("A1", Scenario.Digest, "password");

    [Fact]
    public void A1_in_S2() => Works("A1", Scenario.Web, "password");

    [Fact]
    public void A1_in_S3() => Works("A1", Scenario.Pool, "password");

    [Fact]
    public void A2_in_S1() => Works("A2", Scenario.Digest, "password");

    [Fact]
    public void A2_in_S2() => Works("A2", Scenario.Web, "password");

    [Fact]
    public void A2_in_S3() => Works("A2", Scenario.Pool, "password");

    [Theory]
    [InlineData(Scenario.Digest)]
    [InlineData(Scenario.Web)]
    [InlineData(Scenario.Pool)]
    public void A2_pull_in_S1_S2_and_S3(Scenario scenario) => Works("A2 pull", scenario, "password");

    [Theory]
    [InlineData("oauth")]
    [InlineData("password")]
    public void Combined_in_S1(string type) => Works("Combined", Scenario.Digest, type);

    [Theory]
    [InlineData("oauth")]
    [InlineData("password")]
    public void Combined_in_S2(string type) => Works("Combined", Scenario.Web, type);

    [Theory]
    [InlineData("oauth")]
    [InlineData("password")]
    public void Combined_in_S3(string type) => Works("Combined", Scenario.Pool, type);

    [Fact]
    public void S0_in_S2_is_refused_since_the_subscriber_has_no_password() => IsRefused("S0", Scenario.Web);

    [Fact]
    public void S0_in_S3_is_refused_since_the_subscriber_has_no_password() => IsRefused("S0", Scenario.Pool);

    [Fact]
    public void S0_in_S1_gives_nothing_since_the_user_has_his_password()
    {
        var confirmed = Wic(Open("S0"), Scenario.Digest).RegisterAsking();
        Assert.Equal((200, false, false), (confirmed.Status, confirmed.Has(Give), confirmed.Has("Warning")));
    }

    [Theory]
    [InlineData("oauth, password", "oauth")]
    [InlineData("password, oauth", "password")]
    [InlineData("oauth, password;realm=\"ims.example.net\";alg=\"HMAC-MD5\"", "password")]
    [InlineData("future, oauth", "oauth")]
    public void Combined_gives_what_the_client_likes_best(string asked, string type) =>
        Assert.Equal(type, Read(Wic(Open("Combined"), Scenario.Web).Register(600, (Ask, asked))).Type);

    [Theory]
    [InlineData("oauth", 20)]
    [InlineData("oauth;alg=\"HMAC-SHA-1\"", 20)]
    [InlineData("oauth;alg=\"HMAC-SHA-256\";server-name=\"turn1.example.net\"", 32)]
    public void A_token_opens_under_the_key_of_its_server_and_names_its_registration(string asked, int length)
    {
        var home = Open("Combined");
        var given = Assert.IsType<OAuthCredential>(Read(Wic(home, Scenario.Digest).Register(600, (Ask, asked))));
        Assert.Equal(("edge-1", Server, 660), (given.Kid, given.ServerName, given.Ttl));
        using var seal = new TokenSeal(Key, Server);
        Assert.True(seal.TryOpen(given.AccessToken.Span, out var token));
        Assert.Equal((given.MacKey, length, 660u), (token.MacKey, token.MacKey.Length, token.Lifetime));
        Assert.Equal(Assert.Single(home.Edge.Registrations()).Id, Convert.ToHexStringLower(token.Id.Span));
        using var other = new TokenSeal(Key, "turn2.example.net");
        Assert.False(other.TryOpen(given.AccessToken.Span, out _));
    }

    [Theory]
    [InlineData("oauth", 16)]
    [InlineData("oauth;alg=\"HMAC-SHA-256\"", 32)]
    public void The_key_of_a_token_is_one_to_servers_that_take_16_of_its_20_bytes(string asked, int drawn)
    {
        var given = (OAuthCredential)Read(Wic(Open("Combined"), Scenario.Digest).Register(600, (Ask, asked)));
        Assert.Equal(-1, given.MacKey.Span[drawn..].IndexOfAnyExcept((byte)0));
        Assert.NotEqual(-1, given.MacKey.Span[..drawn].IndexOfAnyExcept((byte)0));
    }

    [Fact]
    public void No_two_tokens_have_one_nonce()
    {
        var wic = Wic(Open("Combined"), Scenario.Digest);
        var nonces = Enumerable.Range(0, 10)
            .Select(_ => ((OAuthCredential)Read(wic.Register(600, (Ask, "oauth")))).AccessToken.Span[2..14].ToArray())
            .Select(Convert.ToHexString);
        Assert.Equal(10, nonces.Distinct().Count());
    }

    [Theory]
    [InlineData("oauth;server-name=\"turn9.example.net\"")]
    [InlineData("oauth;alg=\"HMAC-MD5\"")]
    public void A_token_that_nobody_could_open_is_not_given(string asked) =>
        Assert.False(Wic(Open("Combined"), Scenario.Web).Register(600, (Ask, asked)).Has(Give));

    [Fact]
    public void The_end_of_a_registration_withdraws_what_was_pushed_beside_tokens()
    {
        var sites = Sites();
        var pushing = new PushProvisioning(sites, new SeededRandom(1));
        var home = TokenStand.Open(provisioning: new CombinedProvisioning(Tokens(sites), pushing));
        home.Acknowledging = [Server];
        var wic = Wic(home, Scenario.Web);
        Assert.Equal("password", Read(wic.RegisterAsking()).Type);
        wic.Register(expires: 0);
        Assert.Single(home.Withdrawn);
    }

    [Fact]
    public void A_secret_mints_from_its_time_on_and_its_predecessor_before()
    {
        var (old, fresh) = (new SharedSecret(SecretHash.Sha1, "old"u8), new SharedSecret(SecretHash.Sha256, "new"u8));
        var start = Instant.FromUnixSeconds(1_700_000_000);
        var provisioning = new SharedSecretProvisioning([new(old), new(fresh, 1_700_000_100)], Sites());
        Assert.Equal(28, PasswordAt(TimeSpan.FromSeconds(99)).Length);
        Assert.Equal(44, PasswordAt(TimeSpan.FromSeconds(100)).Length);

        string PasswordAt(TimeSpan offset)
        {
            var wish = new CredentialWish(new(["password"], null, []), "0123456789ab", start + TimeSpan.FromHours(1), Scenario.Digest);
            var given = Assert.IsType<Provision.Given>(provisioning.Provide(start + offset, wish));
            return ((PasswordCredential)given.Credential).Credential;
        }
    }

    [Fact]
    public void New_servers_reach_the_next_credential_and_a_pushed_one_keeps_its_password()
    {
        var sites = Sites();
        var home = new Home(provisioning: new PushProvisioning(sites, new SeededRandom(1))) { Acknowledging = [Server, "turn9"] };
        var alice = new Browser(home, 1, "alice");
        var before = (PasswordCredential)Read(alice.RegisterAsking());
        var more = new TurnSites([new("turn9", Home.Domain, Home.Uri("turn:turn9.example.net"))]);
        Assert.True(home.Order(new EdgeOrder.Provide(old => ((PushProvisioning)old).With(more))));
        var after = (PasswordCredential)Read(alice.RegisterAsking());
        Assert.Equal((before.Username, before.Credential), (after.Username, after.Credential));
        Assert.Equal("turn:turn9.example.net", Assert.Single(after.Uris).ToString());
    }

    static void Works(string solution, Scenario scenario, string type)
    {
        var confirmed = Wic(Open(solution), scenario).Register(600, (Ask, type));
        Assert.Equal((200, type), (confirmed.Status, Read(confirmed).Type));
    }

    static void IsRefused(string solution, Scenario scenario)
    {
        var home = Open(solution);
        var confirmed = Wic(home, scenario).RegisterAsking();
        Assert.Equal((200, false), (confirmed.Status, confirmed.Has(Give)));
        Assert.Equal(
            "399 edge.example.net \"This subscriber has no password that a TURN server could know\"", confirmed.Get("Warning"));
        Assert.Contains(home.Audits, audit => audit.Event is EdgeEvent.CredentialRefused);
    }

    static Home Open(string solution)
    {
        var sites = Sites();
        var secret = new SharedSecret(SecretHash.Sha1, "first"u8);
        IProvisioning provisioning = solution switch
        {
            "S0" => new DigestProvisioning(),
            "A1" => new SharedSecretProvisioning([new(secret)], sites),
            "A2" => new PushProvisioning(sites, new SeededRandom(1)),
            "A2 pull" => new PullProvisioning(sites, new SeededRandom(1)),
            _ => new CombinedProvisioning(Tokens(sites), new SharedSecretProvisioning([new(secret)], sites)),
        };
        var home = TokenStand.Open(provisioning: provisioning);
        home.Acknowledging = [Server];
        return home;
    }

    static OAuthProvisioning Tokens(TurnSites sites) =>
        new(sites, new Dictionary<string, TokenKey> { [Server] = Key }, new SeededRandom(2));

    static TurnSites Sites() => new([new(Server, Home.Domain, Home.Uri($"turn:{Server}:3478?transport=udp"))]);

    static Browser Wic(Home home, Scenario scenario) => scenario switch
    {
        Scenario.Digest => new(home, 1, "alice"),
        Scenario.Web => TokenStand.Wic(home, 1, "alice", "token-a"),
        _ => TokenStand.Wic(home, 1, "web1", "token-web1"),
    };

    static TurnCredential Read(SipMessage message)
    {
        Assert.True(TypedValue.TryParse(message.Get(Give), out var value));
        var parameters = value.Parameters.Select(p => new NameValue(p.Name, p.Value!, p.Quoted)).ToArray();
        Assert.True(TurnCredential.TryRead(value.Type, parameters, out var credential));
        return credential;
    }
}
