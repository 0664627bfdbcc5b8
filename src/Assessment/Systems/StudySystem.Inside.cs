using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Serve;
using Portunus.Nodes.Tls;
using Portunus.Store.Access;
using Portunus.Turn;
using Portunus.Waf.Authorize;

namespace Portunus.Assessment.Systems;

// What only an insider has: for experiments that do what a broken, careless or malicious entity would.
public sealed partial class StudySystem
{
    /// <summary>Another TURN server of the same operator.</summary>
    public const string SecondTurnName = "turn2.ims.example.net";

    /// <summary>A lifetime of tokens and more, in seconds.</summary>
    const long KeptAfterUse = 3600;

    /// <summary>Of the WAF's key with <see cref="StudySettings.TurnKeyEndsIn"/>.</summary>
    internal const string FirstKid = "before";

    internal StudyKeys Keys => _keys;

    internal X509Certificate2 Root => _authority.Root;

    /// <summary>The eP-CSCF's, as a client of the TURN server.</summary>
    internal TlsFiles EdgeCertificate() => _authority.Client(EdgeName);

    /// <summary>The eP-CSCF's listener without TLS; null where it has none.</summary>
    internal IPEndPoint? PlainW2 => _edge.Listeners
        .Where(listener => listener.Protocol == "http").Select(listener => listener.EndPoint).FirstOrDefault();

    /// <summary>Whether the eP-CSCF lets the site lend this identity.</summary>
    internal bool Believes(string impu) => Believed.Contains(impu);

    /// <summary>The TURN server without a network between.</summary>
    internal IPEndPoint TurnAddress => _turnAt;

    /// <summary>Under which tokens are sealed for the TURN server now: the eP-CSCF's key, or the WAF's; null where nobody seals.</summary>
    internal async Task<TokenKey?> TokenKeyAsync(CancellationToken stop)
    {
        if (Way.Solution == "Combined") return _keys.OfEdge;
        if (!IsByWaf) return null;
        var now = SystemClock.Now.UnixSeconds;
        var keys = await _access.FindKeysAsync(Purpose, now, stop);
        return keys.LastOrDefault(key => key.UsedFrom <= now) is { } key ? new(key.Id, TokenAlgorithm.A256Gcm, key.Value) : null;
    }

    /// <summary>The TURN server knows its clients by these from now on, as after a SIGHUP with another configuration.</summary>
    internal Task UseAsync(CredentialSources sources) => Turn.UseAsync(new CredentialVerifier(sources));

    /// <summary>By what the TURN server knows its clients, but for what it is told while it runs.</summary>
    internal CredentialSources SourcesOf(params TokenKey[] keys) =>
        Sources() with { TokenKeys = [.. keys.Select(key => new TokenKeySource(key))] };

    internal CredentialSources SourcesOf(params SharedSecret[] secrets) => Sources() with { Secrets = [.. secrets] };

    /// <summary>A user has another password at the WAF, which ends there what was given out under the old one.</summary>
    internal Task ChangePasswordAsync(int user) => _access.SaveUserAsync(UserOf(user, new Passwords(_settings.PasswordRounds)
        .Hash("wic", Convert.ToHexString(StudyKeys.Draw().Span))));

    /// <summary>The eP-CSCF gives credentials under this key or secret from now on.</summary>
    internal Task ProvideAsync(SharedSecret secret) => ProvideAsync(new SharedSecretProvisioning([new(secret)], Sites()));

    internal Task ProvideAsync(TokenKey key) => ProvideAsync(
        new OAuthProvisioning(Sites(), new Dictionary<string, TokenKey> { [TurnName] = key }, new SystemRandom()));

    /// <summary>Another core takes the place of the system's, which is left alone from then on; the eP-CSCF begins anew.</summary>
    internal Task UseCoreAsync(IPEndPoint core)
    {
        // From another address: the link leads each sender to where it led it before.
        (Mw.Target, _edgeAt) = (core, Free);
        return RestartAsync(Entity.Edge);
    }

    /// <summary>A second TURN server, which has the same keys and another name; ends with the system.</summary>
    /// <returns>Where it listens.</returns>
    internal async Task<IPEndPoint> StartSecondTurnAsync()
    {
        var rules = new TurnSettings
        {
            Realm = Realm, Relays = [new(TransportAddress.From(IPAddress.Loopback, 0))], AllowPeers = Loopback,
        };
        var role = new TurnRole(
            new() { Listen = [TransportAddress.From(IPAddress.Loopback, 0)], Rules = rules },
            Sources() with { ServerName = SecondTurnName }, null, null, TurnKeyFetching(SecondTurnName), false);
        var second = Own(await ServedSystem.StartAsync(new() { Turn = role }, _logs));
        return At(second, "turn");
    }

    Task ProvideAsync(IProvisioning way) => Edge.OrderAsync(new EdgeOrder.Provide(_ => way));

    /// <summary>As a WAF keeps them that has had this TURN server for long.</summary>
    static Task AddTurnKeyAsync(AccessStore store, TimeSpan end)
    {
        var now = SystemClock.Now.UnixSeconds;
        var until = now + (long)end.TotalSeconds;
        return store.TryAddKeyAsync(
            new(FirstKid, Purpose, 0, StudyKeys.Draw().Span.ToArray(), now, until, until + KeptAfterUse), now);
    }

    // As the WAF calls the keys that it shares with a TURN server.
    const string Purpose = $"turn {TurnName}";
}
