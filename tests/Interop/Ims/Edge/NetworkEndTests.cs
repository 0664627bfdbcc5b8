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
        await using var wic = await edge.RegisteredAsync(alice);
        await using var other = await edge.RegisteredAsync(bob);
        Assert.True((await wic.AskAgainAsync()).Has(Party.CredentialHeader));
        // The edge has asked to be told, and was told for the first time.
        Assert.Equal("active", StateOf(alice, await edge.Mw.CameAsync(message => IsNews(message, alice, "active"))));

        Assert.Equal(ResultCode.Success, (await Core.Hss.TerminateAsync(alice.PublicIdentity)).Number(AvpName.ResultCode));
        var told = await edge.Mw.CameAsync(message => IsNews(message, alice, "terminated"));
        await edge.Mw.SentAsync(message => message.Status == 200 && message.CallId == told.CallId && message.CSeq == told.CSeq);

        var asked = await wic.AskAgainAsync();
        Assert.Equal(403, asked.Status);
        Assert.False(asked.Has(Party.CredentialHeader));
        Assert.Equal(403, (await wic.RequestAsync(wic.Request("MESSAGE", other.Impu, other.Impu))).Status);
        Assert.Equal(480, (await other.RequestAsync(other.Request("MESSAGE", wic.Impu, wic.Impu))).Status);
        Assert.NotNull(await wic.ReceiveCloseAsync());

        await using var again = await edge.RegisteredAsync(alice);
        await (await Conversation.BeginAsync(new(other), new(again))).EndByCallerAsync();
    }

    static bool IsNews(SipMessage message, Subscriber subscriber, string state) =>
        message is { IsRequest: true, Method: "NOTIFY" } && StateOf(subscriber, message) == state;

    static string? StateOf(Subscriber subscriber, SipMessage notify) =>
        ReginfoDocument.Of(notify).State.GetValueOrDefault(subscriber.PublicIdentity);
}
