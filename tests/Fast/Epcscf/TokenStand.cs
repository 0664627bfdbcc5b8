using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>A home whose edge takes tokens of two WAFs: the operator's own, and a third party's with a pool.</summary>
static class TokenStand
{
    public const string Waf = "https://waf.ims.example.net";
    public const string OtherWaf = "https://login.shop.example";
    public const string Shop = "shop.example";

    public static EdgeSettings Settings { get; } = Home.Settings with
    {
        Tokens = new()
        {
            Wafs =
            [
                new() { Issuer = Waf },
                new()
                {
                    Issuer = OtherWaf,
                    Entity = "login.shop.example",
                    WebServers = [new(Shop, IdentityBlock.Parse($"sip:web!.*!@{Home.Domain}")), new("blog.example")],
                },
            ],
        },
    };

    public static Home Open(EdgeSettings? settings = null, IProvisioning? provisioning = null)
    {
        var home = new Home(settings ?? Settings, provisioning: provisioning);
        home.Tokens["token-a"] = Claims(home, "alice");
        home.Tokens["token-b"] = Claims(home, "bob");
        foreach (var name in (string[])["web1", "web2"])
        {
            home.Subscribe(name, DigestAlgorithm.Md5);
            home.Tokens[$"token-{name}"] = Lease(home, name);
        }

        return home;
    }

    /// <summary>Of an individual, by the operator's WAF.</summary>
    public static TokenClaims Claims(Home home, string name, int seconds = 3600) => new()
    {
        PrivateIdentity = $"{name}@{Home.Domain}",
        Identities = [$"sip:{name}@{Home.Domain}"],
        Issuer = Waf,
        Scenario = Scenario.Web,
        Expires = home.Now.UnixSeconds + seconds,
        Id = $"jti-{name}",
        Scopes = ["ims.register", "turn"],
    };

    /// <summary>Of the shop's pool, by its WAF.</summary>
    public static TokenClaims Lease(Home home, string name, int seconds = 3600) =>
        Claims(home, name, seconds) with { Issuer = OtherWaf, WebServer = Shop, Scenario = Scenario.Pool };

    public static Browser Wic(Home home, ulong flow, string name, string token) => new(home, flow, name) { Token = token };
}
