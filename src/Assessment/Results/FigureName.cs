namespace Portunus.Assessment.Results;

/// <summary>Names of experiments and of what they look at: the words by which verdicts find their figures.</summary>
public static class FigureName
{
    /// <summary>Values of <see cref="Figure.Experiment"/>.</summary>
    public const string Protocol = "protocol", Drills = "drills", Lifetime = "lifetime", Theft = "theft", Clocks = "clocks",
        Restarts = "restarts", Rotation = "rotation", Management = "management", Scale = "scale", Complexity = "complexity",
        Prompts = "prompts";

    /// <summary>Protocol. Counts, the names in the outcome; seen on the wire and absent from the same run without
    /// credentials.</summary>
    public const string NewSipHeaders = "new SIP headers", NewStunAttributes = "new STUN attributes", NewSipMethods = "new SIP methods";

    /// <summary>Protocol. 1 when it relayed, 0 when it could not, null when it was not tried; the outcome says with what.</summary>
    public const string PlainTurnClient = "an unmodified RFC 8656 client relays", StockBrowser = "a stock browser relays";

    /// <summary>Lifetime. Seconds; null when it did not come within the time that was waited, which the outcome says.</summary>
    public const string ToRefusal = "from deregistration to the refusal of a new Allocate",
        ToCut = "from deregistration to the cut of a running relay";

    /// <summary>Theft. Seconds, bytes, and how many identities the thief could take.</summary>
    public const string TheftToRefusal = "stolen credential: seconds to the first refusal",
        TheftBytes = "stolen credential: bytes relayed until then", TheftIdentities = "stolen credential: identities it is good for",
        LeakIdentities = "leaked secret: identities it is good for", WafIdentities = "compromised WAF: identities it can take";

    /// <summary>Prompts. How often a person has to give a password, and how many calls failed, while everything that ends by its time was
    /// renewed; the outcome says what was.</summary>
    public const string PromptsAtSignIn = "prompts at the sign-in", PromptsAfter = "prompts while credentials and tokens are renewed",
        CallsFailed = "calls that failed while credentials and tokens were renewed";

    /// <summary>Clocks. Whether clients relay when the TURN server's clock is wrong by the setting's seconds: 1 or 0.</summary>
    public const string SkewRelays = "a client relays with the TURN server's clock apart";

    /// <summary>Restarts. Seconds from the restart of the setting's entity until a new Allocate of a registered client
    /// succeeds; and whether its running relay lived on: 1 or 0.</summary>
    public const string RestartToAllocate = "seconds until a registered client allocates again",
        RestartKeepsRelay = "a running relay lives on";

    /// <summary>Rotation. Allocates that failed, and how many there were.</summary>
    public const string RotationFailures = "Allocates that failed while keys rotated", RotationTried = "Allocates while keys rotated";

    /// <summary>Management. Counts; the setting is like <c>N=10 M=20 P=4 keys=manual waf=third-party</c>.</summary>
    public const string KeysInstalled = "secrets installed", SitesForTurn = "sites touched when a TURN server is added",
        SitesForWaf = "sites touched when a WAF is added", SitesForEdge = "sites touched when an eP-CSCF is added",
        SitesForRotation = "sites touched when a key rotates",
        SecondsToAgree = "seconds until all agree", KeysOutside = "secrets that leave the operator";

    /// <summary>Scale. Bytes, updates a second, microseconds; the setting is like <c>U=1000</c>.</summary>
    public const string StateTurn = "state per registered user at the TURN server",
        StateEdge = "state per registered user at the eP-CSCF", Updates = "updates per second at the TURN server",
        WorkPerAllocate = "work per Allocate at the TURN server", AsksPerAllocate = "questions to another node per Allocate";

    /// <summary>Complexity: counted in the sources and in docs/approach2.md.</summary>
    public const string States = "states of the machines", FailureCases = "failure cases", CodeLines = "lines of code",
        ClientLines = "lines of code in the client";

    /// <summary>A drill's subject: its number and its sentence.</summary>
    public static string Drill(int number, string sentence) => $"drill {number}: {sentence}";
}
