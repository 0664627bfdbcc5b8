using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>
/// The event package "reg" (RFC 3680) of the S-CSCF: how an eP-CSCF learns that the network ended a registration.
/// </summary>
public sealed class SubscriptionTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Fact]
    public async Task The_edge_of_a_registration_is_told_of_it()
    {
        var alice = Core.Subscribe("alice");
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint)).Status);
        Assert.Equal(200, (await edge.AskAsync(edge.Subscribe(alice), Core.ScscfEndPoint)).Status);
        var told = await edge.ReceiveAsync("NOTIFY");
        await edge.RespondAsync(told, 200);
        var document = ReginfoDocument.Of(told);
        Assert.Equal(alice.PublicIdentities.Order(), document.State.Keys.Order());
        Assert.All(document.State.Values, state => Assert.Equal("active", state));
        Assert.All(document.Events, one => Assert.Equal("registered", one));
    }

    [Fact]
    public async Task Whose_host_is_in_no_Path_of_it_may_not_watch_a_registration()
    {
        var alice = Core.Subscribe("alice");
        using var edge = new MwClient(ImsCore.EdgeAddress);
        using var other = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint)).Status);
        Assert.Equal(403, (await other.AskAsync(other.Subscribe(alice), Core.ScscfEndPoint)).Status);
    }

    [Fact]
    public async Task What_the_HSS_ends_is_told_to_the_edge_and_no_longer_served()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint)).Status);
        var registered = await edge.VouchAsync(bob, Core.IcscfEndPoint);
        Assert.Equal(200, (await edge.AskAsync(edge.Subscribe(alice), Core.ScscfEndPoint)).Status);
        await edge.RespondAsync(await edge.ReceiveAsync("NOTIFY"), 200);

        var answer = await Core.Hss.TerminateAsync(alice.PublicIdentity);
        Assert.Equal(ResultCode.Success, answer.Number(AvpName.ResultCode));
        var told = await edge.ReceiveAsync("NOTIFY");
        await edge.RespondAsync(told, 200);
        var document = ReginfoDocument.Of(told);
        Assert.NotEmpty(document.State);
        Assert.All(document.State.Values, state => Assert.Equal("terminated", state));
        Assert.All(document.Events, one => Assert.Equal("deactivated", one));
        Assert.Equal(480, (await edge.AskAsync(edge.Call(bob, alice, registered), Core.ScscfEndPoint)).Status);
    }
}
