using System.Text;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// Scenarios 2 and 3 through our edge and Kamailio's core: the edge takes an access token, and the core takes the edge's word.
/// </summary>
public sealed class WebScenarioTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    const string Waf = "https://waf.example.net/";
    const string ShopsWaf = "https://login.shop.example/";
    const string Shop = "shop.example";

    readonly KnownTokens _tokens = new();

    [Theory]
    [InlineData("UDP", "Bearer {0}")]
    [InlineData("TCP", "Bearer access_token=\"{0}\"")]
    public async Task A_user_of_a_token_registers_and_talks_to_a_user_of_a_password(string transport, string form)
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var edge = await StartAsync(transport);
        var token = Issue(alice, Waf);
        await using var wic = Party(await edge.ConnectAsync(alice), token, form);
        var registered = await RegisterAsync(wic, alice);
        Assert.Equal(200, registered.Status);
        Assert.Equal(ImsCore.Domain, Edge.Party.Credential(registered).Realm);
        Assert.NotNull(Core.Hss.ServerOf(alice.PublicIdentity));
        await using var other = new Party(await edge.RegisteredAsync(bob));

        await (await Conversation.BeginAsync(wic, other)).EndByCalleeAsync();
        await (await Conversation.BeginAsync(other, wic)).EndByCalleeAsync();
        Assert.Equal(200, (await RegisterAsync(wic, alice, expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(alice.PublicIdentity));

        // The core sees the word of the edge and neither the token nor the credential.
        var vouched = DigestCredentials.Of(edge.Mw.Sent.First(message => message.Method == "REGISTER" && IsOf(message, alice)));
        Assert.Equal((alice.PrivateIdentity, "auth-done"), (vouched?.Username, vouched?.Parameters["integrity-protected"]));
        Assert.All(edge.Mw.Sent, message =>
        {
            var text = Encoding.UTF8.GetString(message.ToBytes());
            Assert.DoesNotContain(token, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Edge.Party.CredentialHeader, text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public async Task Users_of_a_shops_pool_register_under_one_private_identity_and_talk()
    {
        var pool = Core.SubscribePool(2);
        await using var edge = await StartAsync("TCP");
        await using var one = Party(await edge.ConnectAsync(pool[0]), Issue(pool[0], ShopsWaf));
        await using var two = Party(await edge.ConnectAsync(pool[1]), Issue(pool[1], ShopsWaf));
        Assert.Equal(200, (await RegisterAsync(one, pool[0])).Status);
        Assert.Equal(200, (await RegisterAsync(two, pool[1])).Status);
        await (await Conversation.BeginAsync(one, two)).EndByCallerAsync();
        // Which WAF spoke for the user, the core is told.
        var vouched = DigestCredentials.Of(edge.Mw.Sent.First(message => message.Method == "REGISTER"));
        Assert.Equal("login.shop.example", vouched?.Parameters["authorization-entity"]);

        Assert.Equal(200, (await RegisterAsync(one, pool[0], expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(pool[0].PublicIdentity));
        Assert.NotNull(Core.Hss.ServerOf(pool[1].PublicIdentity));
    }

    [Fact]
    public async Task Without_a_good_token_of_ones_own_nobody_comes_as_far_as_the_core()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var edge = await StartAsync("TCP");
        await using var unknown = Party(await edge.ConnectAsync(alice), "no.such.token");
        var refused = await RegisterAsync(unknown, alice);
        Assert.Equal(401, refused.Status);
        Assert.StartsWith("Bearer ", refused.Get(HeaderName.WwwAuthenticate), StringComparison.Ordinal);
        await using var anothers = Party(await edge.ConnectAsync(alice), Issue(bob, Waf));
        Assert.Equal(403, (await RegisterAsync(anothers, alice)).Status);
        await using var outside = Party(await edge.ConnectAsync(alice), Issue(alice, ShopsWaf));
        Assert.Equal(403, (await RegisterAsync(outside, alice)).Status);
        Assert.Empty(edge.Mw.Sent);
    }

    [Fact]
    public async Task A_good_token_for_a_user_whom_the_core_does_not_know_is_refused_by_the_core()
    {
        var nobody = Core.Subscribe("alice") with { Name = "nobody" };
        await using var edge = await StartAsync("TCP");
        await using var wic = Party(await edge.ConnectAsync(nobody), Issue(nobody, Waf));
        var refused = await RegisterAsync(wic, nobody);
        Assert.Equal(403, refused.Status);
        Assert.False(refused.Has(Edge.Party.CredentialHeader));
    }

    static bool IsOf(SipMessage message, Subscriber subscriber) => message.To?.Uri.ToString() == subscriber.PublicIdentity;

    Task<EdgeStand> StartAsync(string transport) => EdgeStand.StartAsync(Core, transport, settings => settings with
    {
        Tokens = new()
        {
            Wafs =
            [
                new() { Issuer = Waf },
                new()
                {
                    Issuer = ShopsWaf, Entity = "login.shop.example",
                    WebServers = [new(Shop, IdentityBlock.Parse($"sip:pool!.*!@{ImsCore.Domain}"))],
                },
            ],
        },
    }, _tokens);

    string Issue(Subscriber subscriber, string waf) => _tokens.Issue(new()
    {
        PrivateIdentity = subscriber.PrivateIdentity, Identities = [subscriber.PublicIdentity], Issuer = waf,
        Scenario = waf == Waf ? Scenario.Web : Scenario.Pool, WebServer = waf == Waf ? null : Shop,
        Expires = SystemClock.Now.UnixSeconds + 3600, Id = SipClient.Token(20), Scopes = ["ims.register"],
    });

    static Party Party(SipClient wic, string token, string form = "Bearer {0}") =>
        new(wic, $"Authorization: {string.Format(null, form, token)}");

    static Task<SipMessage> RegisterAsync(Party wic, Subscriber subscriber, int expires = 600) => wic.AskAsync(
        wic.Client.Request("REGISTER", $"sip:{subscriber.Domain}", wic.Client.Impu),
        $"Contact: {wic.Client.Contact};expires={expires}", "Turn-Credential-Request: password");
}
