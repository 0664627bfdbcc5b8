using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    // Before a WebSocket is closed: a WIC that deregisters itself hears its 200, though the core told us first.
    static readonly TimeSpan LastWord = TimeSpan.FromSeconds(2);

    /// <summary>A NOTIFY to ourselves: our Contact of a SUBSCRIBE is its Request-URI.</summary>
    static bool IsForWatch(SipMessage request) => request.Method == SipMethod.Notify
        && FlowToken.TryRead(request.RequestUri?.User, out var token) && token.Kind is TokenKind.Watch;

    /// <summary>The core tells what became of a registration set (obligation 25; RFC 6665 §4.1.3).</summary>
    void OnNotify(Instant now, ResponseContext<Neighbour, Errand> context, SipMessage notify)
    {
        var status = Judge(notify, out var watch, out var state, out var info);
        if (status != 200)
        {
            Refuse(now, context, status);
            return;
        }

        _proxy.Respond(now, context, SipMessage.Response(context.Request, 200, toTag: NewTag()));
        var dialog = watch!.Dialog!;
        dialog.Confirm(notify.From?.Tag, notify);
        dialog.RemoteCSeq = notify.CSeq!.Value.Number;
        if (watch.IsLeaving) return;
        if (info is not null) Hear(now, watch, dialog, info);
        if (state!.Type.Equals("terminated", StringComparison.OrdinalIgnoreCase)) OnWatchEnded(now, watch, state);
    }

    /// <summary>200 when it may be heard; a malformed one changes nothing and says why.</summary>
    int Judge(SipMessage notify, out Watch? watch, out TypedValue? state, out RegInfo? info)
    {
        (watch, state, info) = (null, null, null);
        if (!FlowToken.TryOpen(_settings.TokenKey, notify.RequestUri?.User, "", out var token)) return 481;
        if (token.Shard != _self || token.Generation != _generation) return 481;
        watch = _watches.Of(token.Number);
        if (watch?.Dialog is not { } dialog || !dialog.Has(notify)) return 481;
        if (!Says(HeaderName.Event, RegInfo.Package)) return 489;
        if (!TypedValue.TryParse(notify.Get(HeaderName.SubscriptionState), out state)) return 400;
        // RFC 3261 §12.2.2: one that was overtaken.
        if (notify.CSeq is not { } cseq || cseq.Number <= dialog.RemoteCSeq) return 500;
        if (notify.Body.IsEmpty) return 200;
        if (!Says(HeaderName.ContentType, RegInfo.ContentType)) return 415;
        return RegInfo.TryParse(notify.Body.Span, out info) ? 200 : 400;

        bool Says(HeaderName name, string type) => TypedValue.TryParse(notify.Get(name), out var value)
            && value.Type.Equals(type, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// A document that is not older than the last (RFC 3680 §5.1): the first may have any version, a gap before a partial one is
    /// closed by asking for all.
    /// </summary>
    void Hear(Instant now, Watch watch, WatchDialog dialog, RegInfo info)
    {
        if (info.Version <= dialog.Version) return;
        var hasGap = !info.IsFull && info.Version - dialog.Version is not 1;
        dialog.Version = info.Version;
        foreach (var registration in watch.Watched.ToArray())
        {
            var isSettled = now - _watches.SinceOf(registration) > LongestDelay;
            var news = RegistrationNews.Of(info, registration, isSettled);
            if (news.End is { } why) EndByCore(now, registration, why);
            else if (news.Left is { } seconds) _registrations.Shorten(registration, now + TimeSpan.FromSeconds(seconds));
        }

        if (hasGap && !watch.IsLeaving) _watches.Rest(watch, now);
    }

    /// <summary>
    /// The core ended a registration: its WIC may do nothing any more, its dialogs lead nowhere, its credential is not renewed.
    /// </summary>
    void EndByCore(Instant now, Registration registration, RegInfoEvent why)
    {
        var flow = registration.Flow;
        End(now, registration, EdgeEvent.EndedByCore);
        // A WIC understands no other sign than the end of its WebSocket: it comes back and registers anew, if it may. One that is
        // not to come back at once is left to find out.
        var patience = why is RegInfoEvent.Rejected or RegInfoEvent.Probation ? _settings.Trial : LastWord;
        if (flow is { } id) _registrations.Try(id, now + patience);
    }

    /// <summary>The core ends the subscription; while there is somebody to watch, a new one begins (RFC 6665 §4.1.3).</summary>
    void OnWatchEnded(Instant now, Watch watch, TypedValue state)
    {
        if (watch.IsLeaving) return;
        watch.Dialog = null;
        // Only these two reasons invite to come back at once, and not twice in a row.
        var reason = state.Parameters["reason"]?.ToLowerInvariant();
        var pause = reason is "deactivated" or "timeout" ? PauseOf(watch) : FirstWatchPause;
        watch.Failures++;
        if (uint.TryParse(state.Parameters["retry-after"], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds))
            pause = TimeSpan.FromSeconds(Math.Min(seconds, LongestWatchPause.TotalSeconds));
        if (!watch.IsAsking) _watches.Rest(watch, now + pause);
    }
}
