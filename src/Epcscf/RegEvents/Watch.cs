using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// This edge's subscription to what becomes of a registration set (obligation 24; RFC 3680). It lives as long as a registration
/// of the set does, and begins a new dialog whenever the core has forgotten the old one.
/// </summary>
/// <param name="number">Stands in our Contact, so that a NOTIFY finds its way; never used again by this machine.</param>
/// <param name="identity">The default identity of the set.</param>
sealed class Watch(ulong number, SipUri identity)
{
    public ulong Number { get; } = number;

    public SipUri Identity { get; } = identity;

    /// <summary>What is watched; empty when nobody of the set is here any more.</summary>
    public List<Registration> Watched { get; } = [];

    /// <summary>Null between two dialogs.</summary>
    public WatchDialog? Dialog { get; set; }

    /// <summary>A SUBSCRIBE is under way.</summary>
    public bool IsAsking { get; set; }

    /// <summary>Nobody is left to watch; a last NOTIFY is still answered.</summary>
    public bool IsLeaving { get; set; }

    /// <summary>How often in a row the core would not have us watch: the wait doubles with each.</summary>
    public int Failures { get; set; }
}
