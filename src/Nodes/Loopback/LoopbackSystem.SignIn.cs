using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Tokens;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf;

namespace Portunus.Nodes.Loopback;

public sealed partial class LoopbackSystem
{
    /// <summary>WAF and WWSF, off this thread: their libraries take a second to start.</summary>
    Task MountAsync(
        LoopbackSettings settings, SignInPlan plan, LoopbackKeys keys, AccessStore access, ILoggerFactory logs) =>
        Task.Run(async () =>
    {
        _mounted.Add(await MountedApplication.WafAsync(
            new()
            {
                Issuer = plan.Issuer,
                Audience = settings.Realm,
                Clients = plan.Clients(keys.SiteSecret),
                TurnKeys = new Dictionary<string, TokenKey> { [keys.TurnServer] = keys.OfWaf },
            },
            access,
            logs));
        _mounted.Add(await MountedApplication.WwsfAsync(
            new()
            {
                Waf = plan.Issuer,
                ClientId = SignInPlan.SiteId,
                ClientSecret = keys.SiteSecret,
                Impus = plan.Impus,
                AllowsGuests = true,
                // All of them come from this machine.
                GuestsPerAddress = 1000,
            },
            plan.Reached,
            access,
            logs));
    });

    static async Task SaveAsync(
        LoopbackSettings settings, SignInPlan plan, SubscriberStore subscribers, AccessStore access)
    {
        foreach (var subscriber in settings.Subscribers.Append(plan.Pool)) await subscribers.SaveAsync(subscriber);
        foreach (var user in settings.Users) await access.SaveUserAsync(user);
    }

    /// <summary>The edge verifies what the WAF signs as it would another machine's: by the keys that it fetches there.</summary>
    TokenVerifier MakeVerifier(SignInPlan plan, string realm)
    {
        // No proxy: what a variable of the environment says is of no account here.
        var http = Own(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = false });
        var issuer = new AuthorizationServer
        {
            Issuer = plan.Issuer.AbsoluteUri, Keys = new($"http://{plan.Reached}{WafEndpoints.Jwks}"),
        };
        return Own(new TokenVerifier([issuer], realm, http));
    }

    static TokenSettings TrustOf(SignInPlan plan) => new()
    {
        Wafs =
        [
            new()
            {
                Issuer = plan.Issuer.AbsoluteUri,
                AuthorizationServer = plan.Secure.AbsoluteUri,
                WebServers =
                [
                    new(SignInPlan.PageId),
                    new(SignInPlan.SiteId, [.. plan.Impus.Select(IdentityBlock.Parse)]),
                ],
            },
        ],
    };

    Task<WebNode> StartWebAsync(
        LoopbackSettings settings, LoopbackKeys keys, SignInPlan plan, TokenVerifier tokens, LoopbackPort http,
        LoopbackPort https, ILoggerFactory logs)
    {
        var certificate = Own(
            settings.KeepCertificate ? LoopbackCertificate.Keep(settings.DataFolder) : LoopbackCertificate.Create());
        return WebNode.StartAsync(
            new()
            {
                Http = http,
                Https = https,
                Certificate = certificate,
                PageFolder = settings.PageFolder,
                Realm = settings.Realm,
                W2 = new() { Origins = plan.Origins },
                Credentials = new() { Realm = settings.Realm, Tokens = tokens, Origins = plan.Origins },
                Parts = _mounted,
                SignIn = new(SignInPlan.PageId, keys.TurnServer),
            },
            _edge!,
            logs);
    }
}
