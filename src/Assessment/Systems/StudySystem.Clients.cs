using Portunus.Assessment.Study;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Assessment.Systems;

public sealed partial class StudySystem
{
    static readonly TimeSpan ReadyPatience = TimeSpan.FromSeconds(30);
    static readonly TimeSpan ReadyPause = TimeSpan.FromMilliseconds(50);

    W2Trust? _trust;

    /// <summary>What a native client does to sign in by a scenario and relay by this system's way, over the emulated links.</summary>
    /// <param name="scenario">How it registers.</param>
    /// <param name="user">Of the users, from 0; in scenario 3 the site says who it is.</param>
    public WicPlan PlanOf(RegistrationScenario scenario, int user) => new()
    {
        Server = new($"wss://localhost:{W2.EndPoint.Port}/w2"),
        Trust = _trust ??= W2Trust.Of("the study's authority", _authority.RootFile),
        Agent = new()
        {
            Identity = SipUri.Parse($"sip:wic{user}@{Realm}"),
            PrivateIdentity = $"wic{user}@{Realm}",
            Password = scenario == RegistrationScenario.S1 ? _keys.Password : null,
            CredentialRequest = RequestIn(scenario),
        },
        Access = Way.Solution switch
        {
            "none" => new([TurnUri], new() { Username = StaticUser, Password = _keys.Password }),
            "S0" when scenario == RegistrationScenario.S1 => new([TurnUri],
                new() { Username = $"wic{user}@{Realm}", Password = _keys.Password }),
            _ => null,
        },
        Tokens = Tokens(scenario, user),
        Uris = Way.Solution == "OAuth" ? [TurnUri] : [],
    };

    const string StaticUser = "static";

    TurnUri TurnUri => new(Secure: false, "127.0.0.1", (ushort)Stun.EndPoint.Port, "udp");

    /// <summary>Null where the edge is not asked: by these ways it gives no credential, or the user has it already.</summary>
    string? RequestIn(RegistrationScenario scenario) => Way.Solution switch
    {
        "OAuth" or "none" => null,
        "S0" when scenario == RegistrationScenario.S1 => null,
        "Combined" => "oauth",
        _ => "password",
    };

    AccessPlan? Tokens(RegistrationScenario scenario, int user)
    {
        var isOAuth = Way.Solution == "OAuth";
        var plan = scenario switch
        {
            // Nobody signs in at the WAF: what a client of its own can have there is all that there is.
            RegistrationScenario.S1 when isOAuth => new AccessPlan
            {
                Waf = Issuer, Client = NativeClient, ClientSecret = _keys.NativeSecret, Scope = "turn",
            },
            RegistrationScenario.S1 => null,
            RegistrationScenario.S2 => new()
            {
                Waf = Issuer, Client = PageClient, User = $"wic{user}", Password = _keys.Password, Redirect = PageRedirect,
            },
            _ => new() { Site = new($"https://localhost:{W1.EndPoint.Port}/"), Waf = isOAuth ? Issuer : null },
        };
        return isOAuth
            ? plan! with
            {
                RelaysByWaf = true,
                ReconnectsForTurn = Way == Way.OAuthCold,
                TurnServer = Way == Way.OAuthPrefetched ? TurnName : null,
            }
            : plan;
    }

    /// <summary>An edge names no TURN server before it has heard of it.</summary>
    async Task UntilReadyAsync(CancellationToken stop)
    {
        if (Way.Solution != "A2") return;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(ReadyPatience);
        while (true)
        {
            await using var session = await WicSession.BeginAsync(
                PlanOf(RegistrationScenario.S1, _settings.Users - 1), new(_ => { }), patience.Token);
            if (session.Credential is not null) return;
            await Task.Delay(ReadyPause, patience.Token);
        }
    }
}
