using System.Text;
using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// Scenario 2 through our edge and Kamailio's core: the edge verifies a token that the WAF signed, and the core takes the edge's
/// word.
/// </summary>
public sealed class WebScenarioTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Theory]
    [InlineData("UDP", "{0}")]
    [InlineData("TCP", "access_token=\"{0}\"")]
    public async Task Who_signed_in_at_the_WAF_registers_and_talks_to_a_user_of_a_password(string transport, string form)
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var web = await WebStand.StartAsync(Core, transport);
        await using var wic = await web.SignInAsync(alice, form);
        var registered = await wic.RegisterAsync();
        Assert.Equal(200, registered.Status);
        Assert.Equal(ImsCore.Domain, Party.Credential(registered).Realm);
        Assert.Equal(alice.PublicIdentity, registered.Address(HeaderName.PAssociatedUri)?.Uri.ToString());
        Assert.NotNull(Core.Hss.ServerOf(alice.PublicIdentity));
        await using var other = new Party(await web.Edge.RegisteredAsync(bob));

        await (await Conversation.BeginAsync(wic, other)).EndByCallerAsync();
        await (await Conversation.BeginAsync(wic, other)).EndByCalleeAsync();
        await (await Conversation.BeginAsync(other, wic)).EndByCallerAsync();
        await (await Conversation.BeginAsync(other, wic)).EndByCalleeAsync();
        await Conversation.GiveUpAsync(wic, other);
        await Conversation.GiveUpAsync(other, wic);
        Assert.Equal(200, (await wic.RegisterAsync(expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(alice.PublicIdentity));

        // The core sees the word of the edge and neither the token nor the credential.
        var register = web.Edge.Mw.Sent.First(message => message.Method == "REGISTER" && IsOf(message, alice));
        var vouched = DigestCredentials.Of(register)!;
        Assert.Equal((alice.PrivateIdentity, "auth-done"), (vouched.Username, vouched.Parameters["integrity-protected"]));
        Assert.Equal(WebStand.Entity, vouched.Parameters["authorization-entity"]);
        var signature = wic.Lines.Single().Split('.')[2].TrimEnd('"');
        Assert.All(web.Edge.Mw.Sent, message =>
        {
            var text = Encoding.UTF8.GetString(message.ToBytes());
            Assert.DoesNotContain(signature, text, StringComparison.Ordinal);
            Assert.DoesNotContain(Party.CredentialHeader, text, StringComparison.OrdinalIgnoreCase);
        });
    }

    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    public async Task Two_users_of_the_WAF_call_each_other_and_either_hangs_up_or_gives_up(string transport)
    {
        await using var web = await WebStand.StartAsync(Core, transport);
        await using var caller = await web.SignInAsync(Core.Subscribe("alice"));
        await using var callee = await web.SignInAsync(Core.Subscribe("bob"));
        foreach (var wic in new[] { caller, callee }) Assert.Equal(200, (await wic.RegisterAsync()).Status);

        await (await Conversation.BeginAsync(caller, callee)).EndByCallerAsync();
        await (await Conversation.BeginAsync(callee, caller)).EndByCalleeAsync();
        await Conversation.GiveUpAsync(caller, callee);
    }

    [Fact]
    public async Task A_request_without_its_token_is_challenged_and_the_call_goes_on()
    {
        await using var web = await WebStand.StartAsync(Core, "TCP");
        await using var caller = await web.SignInAsync(Core.Subscribe("alice"));
        await using var callee = await web.SignInAsync(Core.Subscribe("bob"));
        foreach (var wic in new[] { caller, callee }) Assert.Equal(200, (await wic.RegisterAsync()).Status);
        var (silent, peer) = (caller.Client, callee.Client);
        AssertChallenged(await silent.RequestAsync(
            silent.Request("INVITE", peer.Impu, peer.Impu, callId: "unheard", cseq: 1), $"Contact: {silent.Contact}"));

        var call = await Conversation.BeginAsync(caller, callee);
        AssertChallenged(await call.HangUpWithoutTokenAsync());
        await call.EndByCallerAsync();
    }

    [Fact]
    public async Task Without_a_good_token_of_ones_own_nobody_comes_as_far_as_the_core()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var web = await WebStand.StartAsync(Core, "TCP");
        await using var impostor = await WafStand.StartAsync();
        // Same issuer, same words, and a key that the WAF never published.
        var forged = await WebStand.TokenAsync(impostor, alice);
        Assert.Equal("https://waf.example.test/", CodeFlow.Read(forged).Claims.Text("iss"));
        foreach (var bad in new[] { forged, "no.such.token" })
        {
            await using var wic = Party.OfToken(await web.Edge.ConnectAsync(alice), bad);
            AssertChallenged(await wic.RegisterAsync());
        }

        await using var anothers = (await web.SignInAsync(bob)) with { Client = await web.Edge.ConnectAsync(alice) };
        Assert.Equal(403, (await anothers.RegisterAsync()).Status);
        Assert.Empty(web.Edge.Mw.Sent);
    }

    [Fact]
    public async Task A_good_token_for_a_user_whom_the_core_does_not_know_is_refused_by_the_core()
    {
        await using var web = await WebStand.StartAsync(Core, "TCP");
        await using var wic = await web.SignInAsync(new("nobody", ImsCore.Domain, "nobody's password"));
        var refused = await wic.RegisterAsync();
        Assert.Equal(403, refused.Status);
        Assert.False(refused.Has(Party.CredentialHeader));
    }

    static bool IsOf(SipMessage message, Subscriber subscriber) => message.To?.Uri.ToString() == subscriber.PublicIdentity;

    static void AssertChallenged(SipMessage answer)
    {
        Assert.Equal(401, answer.Status);
        Assert.StartsWith("Bearer ", answer.Get(HeaderName.WwwAuthenticate), StringComparison.Ordinal);
        Assert.False(answer.Has(Party.CredentialHeader));
    }
}
