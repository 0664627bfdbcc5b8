using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// Scenario 3 through our edge and Kamailio's core: a site lends identities of its pool, with tokens that the WAF signed.
/// </summary>
public sealed class PoolScenarioTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    public async Task Visitors_with_lent_identities_register_under_one_private_identity_and_talk(string transport)
    {
        await using var web = await WebStand.StartAsync(Core, transport, Core.SubscribePool(2));
        var (one, lentToOne) = await web.VisitAsync();
        var (two, lentToTwo) = await web.VisitAsync();
        await using var caller = one;
        await using var callee = two;
        Assert.NotEqual(lentToOne.PublicIdentity, lentToTwo.PublicIdentity);
        foreach (var wic in new[] { caller, callee })
        {
            var registered = await wic.RegisterAsync();
            Assert.Equal(200, registered.Status);
            Assert.Equal(ImsCore.Domain, Party.Credential(registered).Realm);
        }

        await (await Conversation.BeginAsync(caller, callee)).EndByCallerAsync();
        await (await Conversation.BeginAsync(caller, callee)).EndByCalleeAsync();
        await Conversation.GiveUpAsync(callee, caller);
        // The core is told whose they are together, and which WAF spoke for them.
        foreach (var register in web.Edge.Mw.Sent.Where(message => message.Method == "REGISTER"))
        {
            var vouched = DigestCredentials.Of(register)!;
            Assert.Equal(lentToOne.PrivateIdentity, vouched.Username);
            Assert.Equal(WebStand.Entity, vouched.Parameters["authorization-entity"]);
        }

        Assert.Equal(200, (await caller.RegisterAsync(expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(lentToOne.PublicIdentity));
        Assert.NotNull(Core.Hss.ServerOf(lentToTwo.PublicIdentity));
    }

    [Fact]
    public async Task A_visitor_a_user_of_the_WAF_and_a_user_of_a_password_call_each_other()
    {
        await using var web = await WebStand.StartAsync(Core, "TCP", Core.SubscribePool(1));
        var (wic, _) = await web.VisitAsync();
        await using var visitor = wic;
        await using var user = await web.SignInAsync(Core.Subscribe("alice"));
        foreach (var one in new[] { visitor, user }) Assert.Equal(200, (await one.RegisterAsync()).Status);
        await using var subscriber = new Party(await web.Edge.RegisteredAsync(Core.Subscribe("bob")));

        await (await Conversation.BeginAsync(visitor, user)).EndByCalleeAsync();
        await (await Conversation.BeginAsync(user, visitor)).EndByCallerAsync();
        await (await Conversation.BeginAsync(subscriber, visitor)).EndByCalleeAsync();
        await (await Conversation.BeginAsync(visitor, subscriber)).EndByCallerAsync();
    }

    [Fact]
    public async Task An_identity_that_the_site_may_not_lend_or_did_not_lend_to_this_visitor_does_not_reach_the_core()
    {
        var pool = Core.SubscribePool(2);
        await using var web = await WebStand.StartAsync(Core, "TCP", pool, allowed: pool.Take(1).ToArray());
        var (first, lent) = await web.VisitAsync();
        var (second, other) = await web.VisitAsync();
        await using var one = first;
        await using var two = second;
        var (allowed, outside) = lent == pool[0] ? (one, two) : (two, one);
        Assert.Equal(403, (await outside.RegisterAsync()).Status);
        await using var anothers = allowed with { Client = await web.Edge.ConnectAsync(pool[1]) };
        Assert.Equal(403, (await anothers.RegisterAsync()).Status);
        Assert.Empty(web.Edge.Mw.Sent);
        Assert.Equal(200, (await allowed.RegisterAsync()).Status);
        Assert.Equal(pool.Count, new[] { lent, other }.Distinct().Count());
    }
}
