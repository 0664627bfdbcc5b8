using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What the edge keeps of one binding of a WIC (obligation 21).</summary>
/// <param name="number">Stands in the Record-Route of its dialogs; never used again by this machine.</param>
/// <param name="key">The identity and the device it is for.</param>
/// <param name="opaque">The part of TURN usernames that stays the same over all refreshes.</param>
sealed class Registration(ulong number, RegistrationKey key, string opaque)
{
    public ulong Number { get; } = number;

    public RegistrationKey Key { get; } = key;

    public string Opaque { get; } = opaque;

    /// <summary>Null while the WIC is away: its WebSocket closed and the grace runs.</summary>
    public FlowId? Flow { get; set; }

    /// <summary>P-Associated-URI in its order; the first is the default identity (RFC 7315 §4.1).</summary>
    public IReadOnlyList<SipUri> Identities { get; set; } = [];

    /// <summary>As the core gave it, in order; put into Route one by one (RFC 3608 §5).</summary>
    public IReadOnlyList<string> ServiceRoute { get; set; } = [];

    /// <summary>When the binding ends if it is not refreshed; never after its token.</summary>
    public Instant Expires { get; set; }

    /// <summary>When the core forgets it by itself.</summary>
    public Instant CoreExpires { get; set; }

    /// <summary>With which its last REGISTER came; null for one by Digest.</summary>
    public VerifiedToken? Token { get; set; }

    public Scenario Scenario => Token?.Claims.Scenario ?? Scenario.Digest;

    /// <summary>Null before the first.</summary>
    public GivenCredential? Given { get; set; }

    /// <summary>When the last of all credentials that were given counts no more; null when none was.</summary>
    public Instant? GivenUntil { get; private set; }

    /// <summary>Whether a TURN server may know of a credential of this registration.</summary>
    public bool IsKnownToTurn { get; set; }

    /// <summary>What TURN servers were told of last and none acknowledged in time; null when one did.</summary>
    public PushedCredential? Told { get; set; }

    /// <summary>What the last REGISTER asked for; null when it asked for nothing.</summary>
    public TurnCredentialRequest? Wanted { get; set; }

    /// <summary>The last REGISTER as it went to the core: what a deregistration in its name is made of.</summary>
    public required SipMessage LastRegister { get; set; }

    public SipUri DefaultIdentity => Identities[0];

    public void NoteGiven(Instant until)
    {
        if (GivenUntil is not { } known || known < until) GivenUntil = until;
    }

    public bool Owns(SipUri identity)
    {
        foreach (var own in Identities)
            if (own.AddressOfRecord == identity.AddressOfRecord) return true;
        return false;
    }
}
