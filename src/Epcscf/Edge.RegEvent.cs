using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    // How much longer than its registration a subscription is asked for: "larger" is the rule (obligation 24), and Kamailio tells
    // the edge a tenth less than it keeps.
    static readonly TimeSpan WatchSurplus = TimeSpan.FromMinutes(10);

    // The wait after a failure, and what it doubles up to: a core without reg events is not asked all day.
    static readonly TimeSpan FirstWatchPause = TimeSpan.FromSeconds(30);
    static readonly TimeSpan LongestWatchPause = TimeSpan.FromMinutes(30);

    // A core that grants less is asked no more often than this.
    static readonly TimeSpan ShortestWatchRefresh = TimeSpan.FromSeconds(30);

    /// <summary>How long a non-INVITE transaction lasts, and so how late a NOTIFY can be (RFC 3261 §17.1.2.2: Timer F).</summary>
    static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(32);

    readonly WatchTable _watches;

    /// <summary>The core has let us watch before: it knows reg events, and its 404 is about whom we ask for.</summary>
    bool _coreTells;

    /// <summary>Does what is due about subscriptions.</summary>
    void MindWatches(Instant now)
    {
        while (_watches.TryPopDue(now, out var watch))
        {
            // A registration that another one took the flow of has left without a word.
            foreach (var gone in watch.Watched.Where(one => _registrations.OfNumber(one.Number) != one).ToArray())
                _watches.Leave(gone);
            if (!watch.IsLeaving)
            {
                Subscribe(now, watch);
            }
            else if (watch.Dialog is { IsOver: false } dialog)
            {
                // The core is about to say that the set is no longer registered: it is answered, not told that nobody is there.
                dialog.IsOver = true;
                _watches.Rest(watch, now + LongestDelay);
            }
            else
            {
                _watches.Remove(watch);
            }
        }
    }

    /// <summary>
    /// Asks the core to tell what becomes of a registration set, or to go on telling (obligation 24; TS 24.229 §5.2.3). The host
    /// and port by which we name ourselves are those of our Path: by them an S-CSCF knows that we may.
    /// </summary>
    void Subscribe(Instant now, Watch watch)
    {
        if (watch.IsAsking) return;
        var dialog = watch.Dialog ??= new($"{_random.NextToken(20)}@{_host.Host}", NewTag());
        var self = new NameAddress(SipUri.Of(null, _host.Host!, _host.Port), null, [new("tag", dialog.Tag)]);
        var to = new NameAddress(watch.Identity, null, dialog.IsConfirmed ? [new("tag", dialog.RemoteTag)] : []);
        var target = dialog.Target ?? watch.Identity;
        var subscribe = SipMessage.Request(SipMethod.Subscribe, target, self, to, dialog.CallId, ++dialog.CSeq);
        foreach (var route in dialog.Route) subscribe.Add(HeaderName.Route, route);
        // Within a dialog without a route the S-CSCF is the next hop, not the I-CSCF, to which all goes that has no Route.
        if (dialog is { IsConfirmed: true, Route.Count: 0 } && target.IsSip)
            subscribe.Add(HeaderName.Route, $"<{HopTo(target)};lr>");
        subscribe.Add(HeaderName.PAssertedIdentity, $"<sip:{_host}>");
        subscribe.Add(HeaderName.Contact, $"<sip:{Seal(TokenKind.Watch, watch.Number)}@{_host}{CoreTransportParameter}>");
        subscribe.Add(HeaderName.Event, RegInfo.Package);
        subscribe.Add(HeaderName.Accept, RegInfo.ContentType);
        var life = watch.Watched.Max(registration => registration.Expires - now) + WatchSurplus;
        subscribe.Add(HeaderName.Expires, Math.Ceiling(life.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        Charging.AddVector(subscribe, _settings.Host, originator: null, _random);
        AddVia(subscribe, Neighbour.Core);
        watch.IsAsking = _proxy.TryForward(now, null, Neighbour.Core, subscribe, new Errand.Watching(watch, dialog, now, life));
        if (!watch.IsAsking) WatchLater(now, watch, 503);
    }

    void OnWatchResponse(Instant now, SipMessage response, Errand.Watching errand)
    {
        var (watch, dialog) = (errand.Watch, errand.Dialog);
        if (response.Status < 200) return;
        watch.IsAsking = false;
        if (watch.IsLeaving) return;
        if (response.Status == 481 && dialog.IsConfirmed)
        {
            // The core has forgotten us; perhaps it was started anew.
            if (watch.Dialog == dialog) watch.Dialog = null;
            _watches.Rest(watch, now);
        }
        else if (watch.Dialog != dialog)
        {
            // The core ended this dialog while it answered.
            _watches.Rest(watch, now + PauseOf(watch));
        }
        else if (response.Status >= 300)
        {
            if (response.Status is 404 or 480 && _coreTells) EndUnknown(now, watch, errand.SentAt);
            if (!watch.IsLeaving) WatchLater(now, watch, response.Status);
        }
        else
        {
            _coreTells = true;
            if (dialog.IsConfirmed && dialog.CSeq > 1) watch.Failures = 0;
            dialog.Confirm(response);
            var granted = TimeSpan.FromSeconds(Math.Min(response.Expires ?? errand.Life.TotalSeconds, LongestBinding));
            var half = granted / 2;
            _watches.Rest(watch, now + (half > ShortestWatchRefresh ? half : ShortestWatchRefresh));
        }
    }

    /// <summary>
    /// The core says that nobody of the set is registered: it was started anew, or ended the registration before we could watch it.
    /// Our own rule; a WIC whose WebSocket is closed registers anew, and is reached again.
    /// </summary>
    void EndUnknown(Instant now, Watch watch, Instant asked)
    {
        foreach (var registration in watch.Watched.ToArray())
            if (_watches.SinceOf(registration) <= asked) EndByCore(now, registration, RegInfoEvent.Deactivated);
    }

    /// <summary>The core would not: it is asked again in a new dialog, after a while that doubles.</summary>
    void WatchLater(Instant now, Watch watch, int status)
    {
        watch.Dialog = null;
        Report(EdgeEvent.Unwatched, default, $"{watch.Identity.AddressOfRecord} {status}");
        watch.Failures++;
        _watches.Rest(watch, now + PauseOf(watch));
    }

    static TimeSpan PauseOf(Watch watch)
    {
        if (watch.Failures == 0) return TimeSpan.Zero;
        var pause = FirstWatchPause * Math.Pow(2, Math.Min(watch.Failures - 1, 10));
        return pause < LongestWatchPause ? pause : LongestWatchPause;
    }

    static SipUri HopTo(SipUri target) => SipUri.Of(
        null, target.Host, target.Port, target.Transport is { } transport ? [new("transport", transport)] : null);
}
