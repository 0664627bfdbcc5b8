using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    /// <summary>The user part of Service-Route: this request is of a registered caller (TS 24.229 §5.4.3.2).</summary>
    const string OriginatingUser = "orig";

    /// <summary>A request other than REGISTER (RFC 3261 §16).</summary>
    void Route(Instant now, Kept kept)
    {
        var request = kept.Request;
        if (request.TopRoute?.Uri is not { IsSip: true } top || top.Authority != _host)
        {
            // Nobody but the edge is here, and it sends by the routes it was given.
            Answer(now, kept, 403);
            return;
        }

        if (request.To!.Tag is not null) Follow(now, kept);
        else if (top.User != OriginatingUser || !IsRegistered(request)) Answer(now, kept, 403);
        else Terminate(now, kept);
    }

    /// <summary>Obligation 28: the edge asserts who calls, and that is one of ours.</summary>
    bool IsRegistered(SipMessage request) =>
        request.Address(HeaderName.PAssertedIdentity)?.Uri is { } caller && _locations.Of(caller.AddressOfRecord) is not null;

    /// <summary>Within a dialog: along its route, the edge is next (§16.4, §16.6 step 6).</summary>
    void Follow(Instant now, Kept kept)
    {
        var request = kept.Request.Copy();
        request.RemoveFirst(HeaderName.Route);
        if (!request.Has(HeaderName.Route)) Answer(now, kept, 404);
        else if (!ProxyCore<Mw, Note>.TryHop(request)) Answer(now, kept, 483);
        else if (!TrySend(now, kept, request, null)) Answer(now, kept, 503);
    }

    /// <summary>To each binding of the called identity at once: two windows of one person both ring (§16.6).</summary>
    void Terminate(Instant now, Kept kept)
    {
        var called = kept.Request.RequestUri!.AddressOfRecord;
        if (_locations.Of(called) is not { Bindings: { Count: > 0 } bindings })
        {
            // 480 for one of ours who is away, 404 for nobody.
            if (TryFind(now, kept, new(called, IsPublic: true), out var subscriber))
                Answer(now, kept, subscriber is null ? 404 : 480);
            return;
        }

        var sent = 0;
        foreach (var binding in bindings)
        {
            var branch = Branch(kept.Request, binding);
            if (!ProxyCore<Mw, Note>.TryHop(branch))
            {
                Answer(now, kept, 483);
                return;
            }

            if (TrySend(now, kept, branch, binding)) sent++;
        }

        if (sent == 0) Answer(now, kept, 503);
    }

    /// <summary>The Contact becomes the Request-URI, its Path the Route (RFC 3327 §5.3).</summary>
    SipMessage Branch(SipMessage received, Binding binding)
    {
        var request = received.Copy();
        request.Set(HeaderName.PCalledPartyId, $"<{received.RequestUri}>");
        request.RequestUri = binding.Contact.Uri;
        request.Remove(HeaderName.Route);
        foreach (var path in binding.Path) request.Add(HeaderName.Route, path);
        if (request.Method is SipMethod.Invite or SipMethod.Subscribe or SipMethod.Refer)
            request.Insert(HeaderName.RecordRoute, $"<sip:{_host};lr>");
        return request;
    }

    void FollowRoute(SipMessage ack)
    {
        if (ack.TopRoute?.Uri is not { IsSip: true } top || top.Authority != _host) return;
        ack.RemoveFirst(HeaderName.Route);
        if (!ack.Has(HeaderName.Route) || !ProxyCore<Mw, Note>.TryHop(ack)) return;
        AddVia(ack);
        _proxy.SendApart(default, ack);
    }

    void OnResponse(Instant now, ProxyBranch<Mw, Note> branch, SipMessage response)
    {
        if (branch.Note.Watcher is { } watcher)
        {
            OnNotified(watcher, response);
            return;
        }

        var status = response.Status switch
        {
            // RFC 5626 §5.3, §7: the flow is gone and its binding with it; the caller hears that nobody is there.
            430 => 480,
            // §16.7 step 6: our 503 would say that all of the core is overloaded.
            503 => 500,
            var same => same,
        };
        if (response.Status == 430 && branch.Note.Binding is { } binding && binding.Owner.Bindings.Contains(binding))
            Drop(now, binding, CscfEvent.Deregistered, RegInfoEvent.Deactivated);
        if (status != response.Status && branch.Context is { } context)
            response = SipMessage.Response(context.Request, status, toTag: response.To?.Tag ?? NewTag());
        _proxy.Pass(now, branch, response);
    }

    bool TrySend(Instant now, Kept kept, SipMessage request, Binding? binding)
    {
        AddVia(request);
        return _proxy.TryForward(now, kept.Context, default, request, new(binding));
    }

    void AddVia(SipMessage request) =>
        request.Insert(HeaderName.Via, new Via(
            _settings.Transport, _host, [new("branch", $"{Via.MagicCookie}{_random.NextToken(20)}")]));
}
