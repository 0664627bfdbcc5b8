using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    /// <summary>RFC 3680 §4.5: when a SUBSCRIBE does not say how long.</summary>
    const uint DefaultSubscription = 3761;

    static bool IsForRegEvents(SipMessage request) => request.Method == SipMethod.Subscribe
        && TypedValue.TryParse(request.Get(HeaderName.Event), out var package)
        && package.Type.Equals(RegInfo.Package, StringComparison.OrdinalIgnoreCase);

    /// <summary>A SUBSCRIBE to reg events is served here, whoever sends it (RFC 3680; TS 24.229 §5.4.2.1).</summary>
    void Watch(Instant now, Kept kept)
    {
        var subscribe = kept.Request;
        var life = TimeSpan.FromSeconds(subscribe.Expires ?? DefaultSubscription);
        if (life > TimeSpan.Zero && life < _settings.ShortestExpiry) Brief(now, kept);
        else if (subscribe.To!.Tag is { } tag) Rewatch(now, kept, new(subscribe.CallId!, tag, subscribe.From!.Tag ?? ""), life);
        else Begin(now, kept, life);
    }

    void Begin(Instant now, Kept kept, TimeSpan life)
    {
        var subscribe = kept.Request;
        var asserted = subscribe.Address(HeaderName.PAssertedIdentity)?.Uri;
        if (_locations.Of(subscribe.RequestUri!.AddressOfRecord) is not { } location)
        {
            // An edge is to know that nobody is registered here; a person is not told who is.
            Answer(now, kept, asserted is { IsSip: true, User: null } ? 404 : 403);
            return;
        }

        if (asserted is null || !MayWatch(asserted, location))
        {
            Answer(now, kept, 403);
            return;
        }

        if (subscribe.Contacts is not [_])
        {
            Answer(now, kept, 400);
            return;
        }

        var watcher = new Watcher(location, subscribe.Copy(), NewTag());
        if (_watchers.TryAdd(watcher)) Accept(now, kept, watcher, life);
        else Answer(now, kept, 503);
    }

    /// <summary>A refresh, which is told all anew, or an end (RFC 6665 §4.2.1.4).</summary>
    void Rewatch(Instant now, Kept kept, in WatcherKey key, TimeSpan life)
    {
        if (_watchers.Of(key) is not { Ending: null } watcher)
        {
            Answer(now, kept, 481);
        }
        else if (kept.Request.CSeq!.Value.Number <= watcher.RemoteCSeq)
        {
            Answer(now, kept, 500);
        }
        else
        {
            watcher.RemoteCSeq = kept.Request.CSeq!.Value.Number;
            Accept(now, kept, watcher, life);
        }
    }

    void Accept(Instant now, Kept kept, Watcher watcher, TimeSpan life)
    {
        if (life > _settings.LongestSubscription) life = _settings.LongestSubscription;
        var response = SipMessage.Response(kept.Request, 200, toTag: watcher.Key.LocalTag);
        response.CopyFrom(kept.Request, HeaderName.RecordRoute);
        response.Add(HeaderName.Contact, OwnContact);
        response.Add(HeaderName.Expires, Whole.Seconds(life));
        Answer(now, kept, response);
        watcher.OwesAll = true;
        if (life == TimeSpan.Zero) watcher.Ending = "timeout";
        _watchers.Extend(watcher, now + life);
    }

    /// <summary>
    /// TS 24.229 §5.4.2.1.1: the edge whose Path is stored, known by its host and port; and the user by one of its identities.
    /// </summary>
    static bool MayWatch(SipUri asserted, Location location) => location.Has(asserted.AddressOfRecord)
        || (asserted.IsSip && location.Bindings.Exists(binding => binding.CameBy(asserted.Authority)));

    string OwnContact => $"<sip:{_host}>";
}
