using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>One dialog of a subscription, as its subscriber knows it (RFC 6665 §4.4.1, RFC 3261 §12).</summary>
/// <param name="callId">Ours, for this dialog alone.</param>
/// <param name="tag">Ours.</param>
sealed class WatchDialog(string callId, string tag)
{
    public string CallId { get; } = callId;

    public string Tag { get; } = tag;

    /// <summary>Of our last SUBSCRIBE.</summary>
    public uint CSeq { get; set; }

    /// <summary>The core's tag; null until its answer or its first NOTIFY, whichever comes first.</summary>
    public string? RemoteTag { get; private set; }

    /// <summary>Where the S-CSCF wants the next SUBSCRIBE.</summary>
    public SipUri? Target { get; private set; }

    /// <summary>On the way there, in order.</summary>
    public IReadOnlyList<NameAddress> Route { get; private set; } = [];

    /// <summary>Of the last NOTIFY.</summary>
    public uint RemoteCSeq { get; set; }

    /// <summary>Of the last document; null before the first, whose version may be any.</summary>
    public uint? Version { get; set; }

    /// <summary>Nobody is left to hear more.</summary>
    public bool IsOver { get; set; }

    public bool IsConfirmed => RemoteTag is not null;

    /// <summary>The 2xx to our SUBSCRIBE.</summary>
    public void Confirm(SipMessage response)
    {
        if (IsConfirmed) return;
        Begin(response.To?.Tag, response);
        Route = [.. response.RecordRoutes.Reverse()];
    }

    /// <summary>A NOTIFY that was faster than the 2xx (RFC 6665 §4.1.2.4): its dialog is the same.</summary>
    public void Confirm(string? remoteTag, SipMessage notify)
    {
        if (IsConfirmed) return;
        Begin(remoteTag, notify);
        Route = notify.RecordRoutes;
    }

    /// <summary>Whether a NOTIFY is of this dialog.</summary>
    public bool Has(SipMessage notify) => notify.CallId == CallId && notify.To?.Tag == Tag
        && (RemoteTag is null || notify.From?.Tag == RemoteTag);

    void Begin(string? remoteTag, SipMessage message)
    {
        RemoteTag = remoteTag ?? "";
        Target = message.Contacts is [var contact, ..] ? contact.Uri : null;
    }
}
