using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes.Serve;
using Portunus.Simulation;
using Portunus.Sip;
using Portunus.Turn;
using Portunus.Wic;
using Scenario = Portunus.Assessment.Study.RegistrationScenario;

namespace Portunus.Assessment.Virtual;

/// <summary>The credentials of one way, really made and really verified; drawn anew for each world.</summary>
sealed class VirtualKeys : IDisposable
{
    public const string Issuer = "https://waf.example.net/";

    const string PageClient = "page", SiteClient = "site";

    /// <summary>As the WAF makes them: docs/configuration.md.</summary>
    const uint TurnTokenLifetime = 1800;

    readonly Way _way;
    readonly IRandom _random;
    readonly SharedSecret _secret;
    readonly TokenKey _key;
    readonly TokenSeal _seal;
    readonly string _password;
    IDisposable? _provisioning;

    public VirtualKeys(Way way, SeededRandom random)
    {
        (_way, _random) = (way, random);
        _secret = new(SecretHash.Sha256, Draw(32).Span);
        _key = new("key-1", TokenAlgorithm.A256Gcm, Draw(32).Span);
        _seal = new(_key, StudySystem.TurnName);
        _password = random.NextToken(16);
    }

    public Bytes Draw(int length)
    {
        Span<byte> bytes = stackalloc byte[length];
        _random.Fill(bytes);
        return Bytes.Copy(bytes);
    }

    /// <summary>Who a user is at the edge.</summary>
    public static SipUri Identity(RegistrationScenario scenario, int user) =>
        SipUri.Parse(scenario == RegistrationScenario.S3 ? $"sip:guest{user}@{StudySystem.Realm}" : $"sip:wic{user}@{StudySystem.Realm}");

    public UserAgentSettings Agent(RegistrationScenario scenario, int user) => new()
    {
        Identity = Identity(scenario, user),
        PrivateIdentity = $"wic{user}@{StudySystem.Realm}",
        Password = scenario == RegistrationScenario.S1 ? _password : null,
        Token = scenario == RegistrationScenario.S1 ? null : $"{scenario}.{user}",
        CredentialRequest = _way.Solution switch { "OAuth" => null, "Combined" => "oauth", _ => "password" },
    };

    /// <summary>What a client has that no edge gives; null where the edge does.</summary>
    public TurnClientSettings? Own(int user) => _way == Way.S0
        ? new() { Username = $"wic{user}@{StudySystem.Realm}", Password = _password }
        : null;

    /// <summary>The WAF's token for the TURN server.</summary>
    public IssuedToken Issue(Instant now)
    {
        var (nonce, key) = (Draw(TokenSeal.NonceLength), Draw(TokenMacKey.Sha256Length));
        return new(_seal.Kid, key, _seal.Seal(nonce.Span, key.Span, now, TurnTokenLifetime), StudySystem.TurnName, TurnTokenLifetime);
    }

    /// <summary>What the WAF's signature says, once it was verified.</summary>
    public EdgeAnswer Verify(Instant now, string token)
    {
        var isPool = token.StartsWith($"{RegistrationScenario.S3}", StringComparison.Ordinal);
        var user = int.Parse(token[(token.IndexOf('.') + 1)..], System.Globalization.CultureInfo.InvariantCulture);
        return new EdgeAnswer.Verified(new()
        {
            PrivateIdentity = isPool ? Pool : $"wic{user}@{StudySystem.Realm}",
            Identities = [Identity(isPool ? RegistrationScenario.S3 : RegistrationScenario.S2, user).ToString()],
            Issuer = Issuer,
            WebServer = isPool ? SiteClient : PageClient,
            Scenario = isPool ? Epcscf.Scenario.Pool : Epcscf.Scenario.Web,
            Expires = now.UnixSeconds + 1800,
            Id = token,
            Scopes = ["ims.register"],
        });
    }

    public static TokenSettings Tokens(IEnumerable<int> users) => new()
    {
        Wafs =
        [
            new()
            {
                Issuer = Issuer,
                WebServers =
                [
                    new(PageClient),
                    new(SiteClient, [.. users.Select(user => IdentityBlock.Parse(Identity(RegistrationScenario.S3, user).ToString()))]),
                ],
            },
        ],
    };

    public IEnumerable<Subscriber> Subscribers(IReadOnlyCollection<int> users)
    {
        foreach (var user in users)
        {
            var impi = $"wic{user}@{StudySystem.Realm}";
            yield return new(
                impi, [Identity(RegistrationScenario.S1, user).ToString()],
                [DigestSecret.Of(DigestAlgorithm.Md5, impi, StudySystem.Realm, _password)]);
        }

        string[] guests = [.. users.Select(user => Identity(RegistrationScenario.S3, user).ToString())];
        yield return new(Pool, [guests[0]], []) { MoreSets = [.. guests.Skip(1).Select(guest => new[] { guest })] };
    }

    public CredentialSources Sources(PushedCredentials table, IEnumerable<int> users)
    {
        var none = new CredentialSources { Realm = StudySystem.Realm, ServerName = StudySystem.TurnName };
        return _way.Solution switch
        {
            "S0" => none with { Users = [.. users.Select(user => new StaticUser($"wic{user}@{StudySystem.Realm}", _password))] },
            "A1" => none with { Secrets = [_secret] },
            "A2" => none with { Pushed = table, AsksEdges = _way == Way.A2Pull },
            _ => none with { TokenKeys = [new(_key)] },
        };
    }

    public IProvisioning Provisioning()
    {
        var turn = new TurnUri(Secure: false, $"{Address.Turn.ToIPAddress()}", Address.Turn.Port, "udp");
        var sites = new TurnSites([new(StudySystem.TurnName, StudySystem.Realm, turn)]);
        switch (_way.Solution)
        {
            case "S0":
                return new DigestProvisioning();
            case "A1":
                return new SharedSecretProvisioning([new(_secret)], sites);
            case "A2" when _way == Way.A2Pull:
                return new PullProvisioning(sites, _random);
            case "A2":
                return new PushProvisioning(sites, _random);
            case "Combined":
                var keys = new Dictionary<string, TokenKey> { [StudySystem.TurnName] = _key };
                var combined = new OAuthProvisioning(sites, keys, _random);
                _provisioning = combined;
                return combined;
            default:
                return new NoProvisioning();
        }
    }

    public void Dispose()
    {
        _seal.Dispose();
        _provisioning?.Dispose();
    }

    static string Pool => $"pool@{StudySystem.Realm}";
}
