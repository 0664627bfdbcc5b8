namespace Portunus.Assessment.Results;

/// <summary>The times of a cell, each from a person's act to what comes of it.</summary>
public static class MetricName
{
    /// <summary>From sign-in (first connection to WAF, WWSF or eP-CSCF) to the 200 of the REGISTER.</summary>
    public const string Registered = "registered";

    /// <summary>From the click on "call" to the first relay candidate.</summary>
    public const string Candidate = "candidate";

    /// <summary>From the click to the INVITE on its way.</summary>
    public const string Invite = "invite";

    /// <summary>From the click to the first packet that the callee heard through the relay.</summary>
    public const string Media = "media";

    public static IReadOnlyList<string> All { get; } = [Registered, Candidate, Invite, Media];
}
