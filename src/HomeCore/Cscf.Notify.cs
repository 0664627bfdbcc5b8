using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    /// <summary>Notes what became of a contact for all who watch its registration set.</summary>
    void Tell(Instant now, Binding binding, RegInfoEvent what, TimeSpan? retryAfter = null)
    {
        foreach (var watcher in binding.Owner.Watchers)
        {
            watcher.Tell(binding.Describe(now, what, retryAfter));
            _watchers.Wake(watcher);
        }
    }

    /// <summary>
    /// Sends what is new, after all that the input at hand had to be answered: who deregisters hears his 200 before his edge
    /// hears that he is gone.
    /// </summary>
    void Notify(Instant now)
    {
        while (_watchers.TryTakeWithNews(out var watcher))
        {
            // RFC 6665 §4.1.3: the state that was watched is no more.
            if (watcher.Location.Bindings.Count == 0) watcher.Ending ??= "noresource";
            var notify = watcher.Notify(now, OwnContact);
            AddVia(notify);
            watcher.IsBusy = _proxy.TryForward(now, null, default, notify, new(watcher));
            // Who was not told, or told the last, watches no more; its next SUBSCRIBE is answered 481, and it begins anew.
            if (!watcher.IsBusy || watcher.Ending is not null) _watchers.Remove(watcher);
        }
    }

    /// <summary>RFC 6665 §4.2.2: who answers with an error, or not at all, is not there any more.</summary>
    void OnNotified(Watcher watcher, SipMessage response)
    {
        if (response.Status < 200) return;
        watcher.IsBusy = false;
        if (response.Status < 300) _watchers.Wake(watcher);
        else _watchers.Remove(watcher);
    }
}
