namespace Portunus.Assessment.Study;

/// <summary>A solution of the study, in one of its variants.</summary>
/// <param name="Solution">S0, OAuth, A1, A2 or Combined, as docs/study.md names them.</param>
/// <param name="Variant">cold, warm, prefetched, push, pull, integrated; a dash where there is one only.</param>
public sealed record Way(string Solution, string Variant = "-")
{
    /// <summary>The SIP password is the TURN password.</summary>
    public static readonly Way S0 = new("S0");

    /// <summary>A token of the WAF, fetched after the TURN server's 401 over a connection that must first be made.</summary>
    public static readonly Way OAuthCold = new("OAuth", "cold");

    /// <summary>As <see cref="OAuthCold"/>, over a connection to the WAF that is open.</summary>
    public static readonly Way OAuthWarm = new("OAuth", "warm");

    /// <summary>The token was fetched after the registration and before the call.</summary>
    public static readonly Way OAuthPrefetched = new("OAuth", "prefetched");

    /// <summary>A shared secret between eP-CSCF and TURN server.</summary>
    public static readonly Way A1 = new("A1");

    /// <summary>The eP-CSCF tells the TURN server before the WIC knows.</summary>
    public static readonly Way A2Push = new("A2", "push");

    /// <summary>The TURN server asks the eP-CSCF at an Allocate.</summary>
    public static readonly Way A2Pull = new("A2", "pull");

    /// <summary>The TURN server stands in the media gateway that the eP-CSCF controls.</summary>
    public static readonly Way A2Integrated = new("A2", "integrated");

    /// <summary>A token of RFC 7635 by the eP-CSCF.</summary>
    public static readonly Way Combined = new("Combined");

    /// <summary>No solution: the same network, whose clients relay with a password that they were given beforehand. What a solution
    /// adds is counted against it.</summary>
    public static readonly Way None = new("none");

    /// <summary>As <see cref="None"/>, of a network whose TURN server stands in the media gateway.</summary>
    public static readonly Way NoneIntegrated = new("none", "integrated");

    /// <summary>All solutions, in the order of the report.</summary>
    public static IReadOnlyList<Way> All { get; } =
        [S0, OAuthCold, OAuthWarm, OAuthPrefetched, A1, A2Push, A2Pull, A2Integrated, Combined];

    public override string ToString() => Variant == "-" ? Solution : $"{Solution} {Variant}";
}
