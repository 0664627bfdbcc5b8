using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>A call between two users of the core, by its legs: caller's S-CSCF, I-CSCF, callee's S-CSCF.</summary>
public sealed class CallTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    [Fact]
    public async Task A_call_comes_by_the_callees_Path_to_the_callees_Contact_and_its_requests_follow_the_recorded_route()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var caller = new MwClient(ImsCore.EdgeAddress);
        using var callee = new MwClient(ImsCore.EdgeAddress);
        var registered = await caller.VouchAsync(alice, Core.IcscfEndPoint);
        Assert.Equal(200, registered.Status);
        Assert.Equal(200, (await callee.VouchAsync(bob, Core.IcscfEndPoint)).Status);

        var invite = caller.Call(alice, bob, registered);
        await caller.SendAsync(invite, Core.ScscfEndPoint);
        var arrived = await callee.ReceiveAsync("INVITE");
        Assert.Equal(MwClient.Contact(bob), arrived.RequestUriText);
        Assert.Equal(callee.FlowToken, arrived.TopRoute?.Uri.User);
        Assert.Equal($"<{alice.PublicIdentity}>", arrived.Get(HeaderName.PAssertedIdentity));
        // The last hop is on top: the terminating leg, the originating one, the caller's edge.
        Assert.Equal(["term", "orig", caller.FlowToken], arrived.RecordRoutes.Select(route => route.Uri.User));

        await callee.RespondAsync(arrived, 200, (HeaderName.Contact, $"<{MwClient.Contact(bob)}>"));
        var accepted = await caller.AnswerAsync(invite);
        Assert.Equal(200, accepted.Status);

        await caller.SendAsync(InDialog("ACK", caller, invite, accepted), Core.ScscfEndPoint);
        var acknowledged = await callee.ReceiveAsync("ACK");
        Assert.Equal(MwClient.Contact(bob), acknowledged.RequestUriText);
        Assert.Equal(callee.FlowToken, Assert.Single(acknowledged.Routes).Uri.User);
        var bye = InDialog("BYE", caller, invite, accepted);
        await caller.SendAsync(bye, Core.ScscfEndPoint);
        await callee.RespondAsync(await callee.ReceiveAsync("BYE"), 200);
        Assert.Equal(200, (await caller.AnswerAsync(bye)).Status);
    }

    [Fact]
    public async Task A_call_that_is_given_up_is_cancelled_at_the_callee()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        var registered = await edge.VouchAsync(alice, Core.IcscfEndPoint);
        Assert.Equal(200, (await edge.VouchAsync(bob, Core.IcscfEndPoint)).Status);
        var invite = edge.Call(alice, bob, registered);
        await edge.SendAsync(invite, Core.ScscfEndPoint);
        var arrived = await edge.ReceiveAsync("INVITE");
        await edge.RespondAsync(arrived, 180, (HeaderName.Contact, $"<{MwClient.Contact(bob)}>"));
        await edge.ReceiveAsync(message => message.Status == 180 && message.CallId == invite.CallId);

        Assert.Equal(200, (await edge.AskAsync(SipMessage.Cancel(invite), Core.ScscfEndPoint)).Status);
        await edge.RespondAsync(await edge.ReceiveAsync("CANCEL"), 200);
        await edge.RespondAsync(arrived, 487);
        Assert.Equal(487, (await edge.ReceiveAsync(message => message.Status == 487 && message.CallId == invite.CallId)).Status);
    }

    [Fact]
    public async Task Who_is_not_registered_or_not_known_cannot_be_called()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        var registered = await edge.VouchAsync(alice, Core.IcscfEndPoint);
        Assert.Equal(480, (await edge.AskAsync(edge.Call(alice, bob, registered), Core.ScscfEndPoint)).Status);
        var nobody = bob with { Name = "nobody" };
        Assert.Equal(604, (await edge.AskAsync(edge.Call(alice, nobody, registered), Core.ScscfEndPoint)).Status);
    }

    static SipMessage InDialog(string method, MwClient caller, SipMessage invite, SipMessage accepted)
    {
        var request = caller.Request(
            method, accepted.Contacts[0].Uri.ToString(), invite.From!.Uri.ToString(), accepted.To!.ToString(), invite.CallId);
        request.Set(HeaderName.From, invite.From!);
        // An ACK has the number of its INVITE (RFC 3261 §13.2.2.4).
        if (method == SipMethod.Ack) request.Set(HeaderName.CSeq, new CSeq(invite.CSeq!.Value.Number, method));
        // The route set of a caller: the recorded one backwards, without the caller's own edge (RFC 3261 §12.1.2).
        foreach (var route in accepted.RecordRoutes.Reverse().Skip(1)) request.Add(HeaderName.Route, route);
        return request;
    }
}
