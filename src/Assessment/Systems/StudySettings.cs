using Portunus.Assessment.Study;

namespace Portunus.Assessment.Systems;

/// <summary>Which system a <see cref="StudySystem"/> is.</summary>
public sealed record StudySettings
{
    /// <summary>How clients get their TURN credential. The TURN server knows them by that way alone.</summary>
    public required Way Way { get; init; }

    /// <summary>Whether the end of a registration is told to the TURN server where the way itself does not tell it.</summary>
    public bool HasFeed { get; init; }

    /// <summary>Of a lost WebSocket.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Subscribers with a SIP password and a web login: <c>wic0</c> to <c>wicN</c>.</summary>
    public int Users { get; init; } = 64;

    /// <summary>Subscribers besides, <c>closed0</c> to <c>closedN</c>, for whom no third party may speak (TS 29.229,
    /// Allowed-WAF-WWSF-Identities).</summary>
    public int Closed { get; init; }

    /// <summary>Whether the eP-CSCF trusts a third party's WAF besides, which the core is told by name. It has no server of its own:
    /// its tokens are made with the keys of the WAF that is there.</summary>
    public bool HasForeignWaf { get; init; }

    /// <summary>Identities that the site lends to guests.</summary>
    public int Guests { get; init; } = 512;

    /// <summary>
    /// Rounds of PBKDF2 of the web logins. Fewer than an operator has: several clients share the cores of one machine, and the
    /// rounds would be all that a login is measured by. The report says so.
    /// </summary>
    public int PasswordRounds { get; init; } = 10_000;

    /// <summary>Of a TURN credential; null for what the parts have by default.</summary>
    public TimeSpan? TurnTokenLifetime { get; init; }

    /// <summary>Of an access token, which bounds TURN tokens and registrations of scenario 2; null for what the parts have by
    /// default.</summary>
    public TimeSpan? AccessTokenLifetime { get; init; }

    /// <summary>Of a nonce of the TURN server; null for what it has by default.</summary>
    public TimeSpan? NonceLifetime { get; init; }

    /// <summary>Whether the eP-CSCF has a listener without TLS, as one behind a proxy has.</summary>
    public bool HasPlainW2 { get; init; }

    /// <summary>Of the identities that the site lends, those that the eP-CSCF lets it lend; null for all.</summary>
    public int? BelievedGuests { get; init; }

    /// <summary>A subscriber who lets another WAF than this system's sign in, and no one else; the eP-CSCF tells the core who signed a
    /// user in then. Null for nobody.</summary>
    public int? UserOfAnotherWaf { get; init; }

    /// <summary>When the WAF seals its last TURN token under the key that it has from before, from the start of the system; null for a
    /// WAF that has no key yet.</summary>
    public TimeSpan? TurnKeyEndsIn { get; init; }

    /// <summary>A folder for what the system writes; it makes one of its own in it, and takes it away.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();
}
