namespace Portunus.Server.Configuration;

/// <summary>The configuration of <c>portunus serve</c>: what all roles share, and one section for each role.</summary>
[Says("Configuration of portunus serve: one section for each role. Relative names of files begin at the folder of this file.")]
sealed record PortunusFile
{
    [Named("$schema"), Says("The schema of this file, for editors; may be left out.")]
    public string? Schema { get; init; }

    [Says("The home domain of the subscribers; also their digest realm."), Form(nameof(Forms.Domain), "ims.example.net")]
    public required string Domain { get; init; }

    [Says("The realm of TURN credentials; the domain when left out."), Form(nameof(Forms.Realm), "ims.example.net")]
    public string? Realm { get; init; }

    [Says("A folder for what must outlive a restart; when left out, a temporary one that goes when the program ends."),
     Form(nameof(Forms.Folder), "/var/lib/portunus")]
    public string? Data { get; init; }

    [Says("What is logged at least: debug, information, warning or error."), OneOf("debug", "information", "warning", "error"), Live]
    public string LogLevel { get; init; } = "information";

    [Says("The TURN server.")]
    public TurnSection? Turn { get; init; }

    [Says("A media gateway node: a TURN server that the eP-CSCF controls.")]
    public AgwSection? Agw { get; init; }

    [Says("The eP-CSCF: SIP over WebSocket for browsers, Mw towards the core.")]
    public EpcscfSection? Epcscf { get; init; }

    [Says("The small home core (I-CSCF, S-CSCF and HSS) for demos and tests.")]
    public CoreSection? Core { get; init; }

    [Says("The WAF: signs users in, makes access tokens for registrations, and TURN tokens.")]
    public WafSection? Waf { get; init; }

    [Says("The pool of a WWSF, whose visitors have an identity for a while.")]
    public WwsfSection? Wwsf { get; init; }

    [Says("The admin listener: health, metrics, registrations and sessions.")]
    public AdminSection? Admin { get; init; }

    public string TurnRealm => Realm ?? Domain;
}
