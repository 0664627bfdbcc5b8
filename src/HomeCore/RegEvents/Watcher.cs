using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>Somebody who is told what becomes of a registration set: a subscription to its reg events, with its dialog.</summary>
/// <param name="location">What is watched.</param>
/// <param name="subscribe">The SUBSCRIBE that began it (RFC 6665 §4.2.1).</param>
/// <param name="tag">Ours.</param>
sealed class Watcher(Location location, SipMessage subscribe, string tag)
{
    /// <summary>News that wait for the answer to the last; beyond, all is told anew.</summary>
    const int MostNews = 64;

    readonly Dictionary<string, RegInfoContact> _news = [];
    uint _cseq;
    uint _version;

    public Location Location { get; } = location;

    public WatcherKey Key { get; } = new(subscribe.CallId!, tag, subscribe.From!.Tag ?? "");

    /// <summary>Of the last SUBSCRIBE; one that comes late is below it.</summary>
    public uint RemoteCSeq { get; set; } = subscribe.CSeq!.Value.Number;

    public Instant Expires { get; set; }

    /// <summary>Why the next NOTIFY is the last: the reason of RFC 6665 §4.1.3; null while the subscription lives.</summary>
    public string? Ending { get; set; }

    /// <summary>A NOTIFY is under way: the next waits, so that none overtakes another.</summary>
    public bool IsBusy { get; set; }

    /// <summary>The next document says all.</summary>
    public bool OwesAll { get; set; } = true;

    public bool HasNews => OwesAll || _news.Count > 0 || Ending is not null;

    /// <summary>What became of a contact; the last word about it counts.</summary>
    public void Tell(RegInfoContact contact)
    {
        if (_news.Count < MostNews || _news.ContainsKey(contact.Id)) _news[contact.Id] = contact;
        else OwesAll = true;
    }

    /// <summary>The next NOTIFY, with what is new; nothing is new afterwards.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="contact">Ours, in angle brackets.</param>
    public SipMessage Notify(Instant now, string contact)
    {
        var notify = SipMessage.Request(
            SipMethod.Notify, subscribe.Contacts[0].Uri, subscribe.To!.With("tag", tag), subscribe.From!, Key.CallId, ++_cseq);
        foreach (var route in subscribe.RecordRoutes) notify.Add(HeaderName.Route, route);
        notify.Add(HeaderName.Contact, contact);
        notify.CopyFrom(subscribe, HeaderName.Event);
        notify.Add(HeaderName.SubscriptionState, Ending is { } reason
            ? $"terminated;reason={reason}"
            : $"active;expires={Whole.Seconds(Expires - now)}");
        notify.SetBody(RegInfo.ContentType, Document(now).ToBytes());
        return notify;
    }

    RegInfo Document(Instant now)
    {
        var contacts = new Dictionary<string, RegInfoContact>();
        if (OwesAll)
            foreach (var binding in Location.Bindings) contacts[binding.Id] = binding.Describe(now, RegInfoEvent.Registered);
        // What has gone is said in a full document as well, or nobody would know why.
        foreach (var (id, contact) in _news) contacts[id] = contact;
        var state = Location.Bindings.Count > 0 ? RegInfoState.Active : RegInfoState.Terminated;
        var registrations = Location.Identities.Select((identity, i) =>
            new RegInfoRegistration(identity, $"{Location.Id}.{i}", state, [.. contacts.Values]));
        var info = new RegInfo(_version++, OwesAll, [.. registrations]);
        OwesAll = false;
        _news.Clear();
        return info;
    }
}

/// <summary>A dialog as its notifier knows it (RFC 3261 §12).</summary>
readonly record struct WatcherKey(string CallId, string LocalTag, string RemoteTag);
