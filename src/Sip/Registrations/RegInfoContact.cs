namespace Portunus.Sip;

/// <summary>One contact of a registration (RFC 3680 §5.3).</summary>
/// <param name="Id">The same in all documents of a subscription.</param>
/// <param name="Event">What brought it where it is.</param>
/// <param name="Uri">As it was registered, not yet read.</param>
public sealed record RegInfoContact(string Id, RegInfoEvent Event, string Uri)
{
    /// <summary>In seconds from now; null when it is not said.</summary>
    public uint? Expires { get; init; }

    /// <summary>With <see cref="RegInfoEvent.Probation"/>: after how many seconds the owner may come back.</summary>
    public uint? RetryAfter { get; init; }

    /// <summary>Parameters of the Contact, such as <c>+sip.instance</c>.</summary>
    public Parameters Parameters { get; init; } = Parameters.None;

    /// <summary>Whether it is bound no more: a contact's state follows from its event (RFC 3680 §4.7.1).</summary>
    public bool IsTerminated => Event >= RegInfoEvent.Expired;
}

/// <summary>What happened to a contact (RFC 3680 §5.3); from <see cref="Expired"/> on it is gone.</summary>
public enum RegInfoEvent
{
    /// <summary>Its owner registered it.</summary>
    Registered,

    /// <summary>It was made by other means than a REGISTER.</summary>
    Created,

    /// <summary>Its owner refreshed it.</summary>
    Refreshed,

    /// <summary>The network lets it end earlier; its owner is to register anew before.</summary>
    Shortened,

    /// <summary>It ran out.</summary>
    Expired,

    /// <summary>The network ended it; its owner may register anew at once.</summary>
    Deactivated,

    /// <summary>The network ended it; its owner may come back after a while.</summary>
    Probation,

    /// <summary>Its owner ended it.</summary>
    Unregistered,

    /// <summary>The network ended it, and its owner is not to come back.</summary>
    Rejected,
}
