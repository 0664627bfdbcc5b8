using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>The network ends a registration: HSS, S-CSCF, and our edge, which watches.</summary>
public sealed class NetworkEndTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    public async Task What_the_HSS_ends_is_over_at_the_edge_and_may_begin_anew(string transport)
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        await using var edge = await EdgeStand.StartAsync(Core, transport);
        await using var wic = new Party(await edge.RegisteredAsync(alice));
        await using var other = new Party(await edge.RegisteredAsync(bob));
        await EndAsync(edge, alice, wic, other);
        await using var again = new Party(await edge.RegisteredAsync(alice));
        await (await Conversation.BeginAsync(other, again)).EndByCallerAsync();
    }

    [Theory]
    [InlineData("UDP")]
    [InlineData("TCP")]
    public async Task A_good_token_keeps_nobody_registered_whom_the_HSS_ends(string transport)
    {
        var alice = Core.Subscribe("alice");
        await using var web = await WebStand.StartAsync(Core, transport);
        await using var wic = await web.SignInAsync(alice);
        await using var other = await web.SignInAsync(Core.Subscribe("bob"));
        foreach (var one in new[] { wic, other }) Assert.Equal(200, (await one.RegisterAsync()).Status);
        await EndAsync(web.Edge, alice, wic, other);

        await using var again = wic with { Client = await web.Edge.ConnectAsync(alice) };
        Assert.True((await again.RegisterAsync()).Has(Party.CredentialHeader));
        await (await Conversation.BeginAsync(other, again)).EndByCallerAsync();
    }

    [Fact]
    public async Task Of_a_pool_the_HSS_ends_one_visitor_and_the_others_stay()
    {
        await using var web = await WebStand.StartAsync(Core, "TCP", Core.SubscribePool(2));
        var (first, lent) = await web.VisitAsync();
        var (second, _) = await web.VisitAsync();
        await using var wic = first;
        await using var other = second;
        foreach (var one in new[] { wic, other }) Assert.Equal(200, (await one.RegisterAsync()).Status);
        await EndAsync(web.Edge, lent, wic, other);
        Assert.True((await other.AskAgainAsync()).Has(Party.CredentialHeader));
    }

    /// <summary>The HSS ends a registration, and the edge serves its user no more.</summary>
    /// <param name="edge">Where it is.</param>
    /// <param name="subscriber">Whose it is.</param>
    /// <param name="wic">Of that subscriber.</param>
    /// <param name="other">Another one, who stays.</param>
    async Task EndAsync(EdgeStand edge, Subscriber subscriber, Party wic, Party other)
    {
        Assert.True((await wic.AskAgainAsync()).Has(Party.CredentialHeader));
        // The edge has asked to be told, and was told for the first time.
        await edge.Mw.CameAsync(message => IsNews(message, subscriber, "active"));

        var ended = await Core.Hss.TerminateAsync(subscriber.PublicIdentity);
        Assert.Equal(ResultCode.Success, ended.Number(AvpName.ResultCode));
        var told = await edge.Mw.CameAsync(message => IsNews(message, subscriber, "terminated"));
        await edge.Mw.SentAsync(message => message.Status == 200 && message.CallId == told.CallId && message.CSeq == told.CSeq);

        var asked = await wic.AskAgainAsync();
        Assert.Equal(403, asked.Status);
        Assert.False(asked.Has(Party.CredentialHeader));
        var (gone, peer) = (wic.Client, other.Client);
        Assert.Equal(403, (await wic.AskAsync(gone.Request("MESSAGE", peer.Impu, peer.Impu))).Status);
        Assert.Equal(480, (await other.AskAsync(peer.Request("MESSAGE", gone.Impu, gone.Impu))).Status);
        Assert.NotNull(await gone.ReceiveCloseAsync());
    }

    static bool IsNews(SipMessage message, Subscriber subscriber, string state) =>
        message is { IsRequest: true, Method: "NOTIFY" }
        && ReginfoDocument.Of(message).State.GetValueOrDefault(subscriber.PublicIdentity) == state;
}
