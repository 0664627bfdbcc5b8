using Portunus.Sip;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>A call that was answered; each side knows of it what the messages told it.</summary>
/// <param name="Caller">Who sent the INVITE.</param>
/// <param name="Callee">Who accepted it.</param>
/// <param name="Invite">As it came to the callee.</param>
/// <param name="Accepted">The 200 as it came to the caller.</param>
sealed record Conversation(Party Caller, Party Callee, SipMessage Invite, SipMessage Accepted)
{
    const string CalleeTag = "b";

    /// <summary>Sets a call up to the caller's ACK; the callee is given a credential with the INVITE.</summary>
    public static async Task<Conversation> BeginAsync(Party caller, Party callee)
    {
        var (from, to) = (caller.Client, callee.Client);
        var callId = SipClient.Token(10);
        await caller.SendAsync(from.Request("INVITE", to.Impu, to.Impu, callId: callId, cseq: 1), $"Contact: {from.Contact}");
        var invite = await to.ReceiveAsync(message => message.IsRequest);
        Assert.Equal("INVITE", invite.Method);
        Assert.Equal(to.Contact, $"<{invite.RequestUriText}>");
        Assert.Equal($"<{from.Impu}>", invite.Get(HeaderName.PAssertedIdentity));
        Assert.False(invite.Has(HeaderName.Authorization));
        Assert.False(invite.Has(HeaderName.PChargingVector));
        Assert.Equal(ImsCore.Domain, Party.Credential(invite).Realm);

        await to.SendAsync(SipMessage.Response(invite, 180, toTag: CalleeTag));
        Assert.Equal(180, (await from.ReceiveAsync(message => message.Status > 100)).Status);
        var accept = SipMessage.Response(invite, 200, toTag: CalleeTag);
        accept.CopyFrom(invite, HeaderName.RecordRoute);
        accept.Add(HeaderName.Contact, to.Contact);
        await to.SendAsync(accept);
        var accepted = await from.ReceiveAsync(message => message.Status > 180);
        Assert.Equal(200, accepted.Status);
        Assert.False(accepted.Has(Party.CredentialHeader));

        var call = new Conversation(caller, callee, invite, accepted);
        // Without the caller's own lines: an ACK shows no token.
        await from.SendAsync(call.OfCaller("ACK", 1), call.CallersRoute);
        Assert.Equal("ACK", (await to.ReceiveAsync()).Method);
        return call;
    }

    /// <summary>A call that rings and that its caller gives up; its CANCEL shows no token.</summary>
    public static async Task GiveUpAsync(Party caller, Party callee)
    {
        var (from, to) = (caller.Client, callee.Client);
        var head = from.Request("INVITE", to.Impu, to.Impu, callId: SipClient.Token(10), cseq: 1);
        await caller.SendAsync(head, $"Contact: {from.Contact}");
        var invite = await to.ReceiveAsync();
        Assert.Equal("INVITE", invite.Method);
        await to.SendAsync(SipMessage.Response(invite, 180, toTag: CalleeTag));
        await from.ReceiveAsync(message => message.Status == 180);

        // A CANCEL has the Via, the number and all that names its INVITE (RFC 3261 §9.1).
        await from.SendAsync(head.Replace("INVITE", "CANCEL", StringComparison.Ordinal));
        var cancel = await to.ReceiveAsync(message => message.IsRequest);
        Assert.Equal("CANCEL", cancel.Method);
        await to.SendAsync(SipMessage.Response(cancel, 200));
        await to.SendAsync(SipMessage.Response(invite, 487, toTag: CalleeTag));
        Assert.Equal("ACK", (await to.ReceiveAsync()).Method);
        await from.ReceiveAsync(message => message.Status == 487);
        await from.SendAsync(head.Replace("INVITE", "ACK", StringComparison.Ordinal));
    }

    /// <summary>The caller hangs up, and the callee agrees.</summary>
    public async Task EndByCallerAsync()
    {
        await Caller.SendAsync(OfCaller("BYE", 3), CallersRoute);
        await AgreeAsync(Callee.Client, Caller.Client);
    }

    /// <summary>What the edge says of a BYE of the caller's that shows no token.</summary>
    public Task<SipMessage> HangUpWithoutTokenAsync() => Caller.Client.RequestAsync(OfCaller("BYE", 2), CallersRoute);

    /// <summary>The callee hangs up, and the caller agrees.</summary>
    public async Task EndByCalleeAsync()
    {
        // RFC 3261 §12.2.1.1 from the other side: what stood in the INVITE, turned around.
        var accept = SipMessage.Response(Invite, 200, toTag: CalleeTag);
        var bye = SipMessage.Request(
            "BYE", Invite.Contacts[0].Uri, accept.To!, Invite.From!, Invite.CallId!, 1);
        bye.Insert(HeaderName.Via, $"SIP/2.0/WS b.invalid;branch=z9hG4bK{SipClient.Token(10)}");
        foreach (var route in Invite.RecordRoutes) bye.Add(HeaderName.Route, route);
        foreach (var line in Callee.Lines)
        {
            var colon = line.IndexOf(':');
            bye.Add(HeaderName.Of(line[..colon]), line[(colon + 1)..].Trim());
        }

        await Callee.Client.SendAsync(bye);
        await AgreeAsync(Caller.Client, Callee.Client);
    }

    // The recorded route is the caller's backwards (§12.1.2).
    string[] CallersRoute => [.. Accepted.RecordRoutes.Reverse().Select(route => $"Route: {route}")];

    string OfCaller(string method, uint cseq) => Caller.Client.Request(
        method, Accepted.Contacts[0].Uri.ToString(), Callee.Client.Impu, CalleeTag, Accepted.CallId, cseq);

    static async Task AgreeAsync(SipClient asked, SipClient asking)
    {
        var bye = await asked.ReceiveAsync(message => message.IsRequest);
        Assert.Equal("BYE", bye.Method);
        await asked.SendAsync(SipMessage.Response(bye, 200));
        Assert.Equal(200, (await asking.ReceiveAsync(message => message.IsResponse && message.Status >= 200)).Status);
    }
}
