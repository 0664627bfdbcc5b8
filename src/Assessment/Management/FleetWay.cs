namespace Portunus.Assessment.Management;

/// <summary>How a fleet has its keys.</summary>
/// <param name="Way">The solution; of OAuth's variants one, which differ in nothing here.</param>
/// <param name="IsAutomatic">TURN servers fetch their keys from the WAFs (RFC 7635 §4.1.1); else they are written by hand.</param>
/// <param name="IsThirdParty">Each WAF is in a domain of its own, with an authority of its own; else all are the operator's.</param>
sealed record FleetWay(Study.Way Way, bool IsAutomatic, bool IsThirdParty)
{
    /// <summary>Only OAuth has anything at a WAF: of the others one domain is enough.</summary>
    public static IReadOnlyList<FleetWay> All { get; } =
    [
        new(new("OAuth"), IsAutomatic: false, IsThirdParty: true), new(new("OAuth"), IsAutomatic: true, IsThirdParty: true),
        new(new("OAuth"), IsAutomatic: false, IsThirdParty: false), new(new("OAuth"), IsAutomatic: true, IsThirdParty: false),
        new(Study.Way.A1, IsAutomatic: false, IsThirdParty: true), new(Study.Way.A2Push, IsAutomatic: false, IsThirdParty: true),
        new(Study.Way.A2Pull, IsAutomatic: false, IsThirdParty: true), new(Study.Way.A2Integrated, IsAutomatic: false, IsThirdParty: true),
        new(Study.Way.Combined, IsAutomatic: false, IsThirdParty: true),
    ];

    public bool IsOAuth => Way.Solution == "OAuth";

    /// <summary>Whether it is tried with many eP-CSCFs: of OAuth, where these have no part in it, one way shows that.</summary>
    public bool IsForEachEdge => !IsOAuth || this == All[0];

    public bool IsTold => Way.Solution == "A2";

    public bool IsPull => Way == Study.Way.A2Pull;

    public bool IsIntegrated => Way == Study.Way.A2Integrated;

    public string Setting => $"keys={(IsAutomatic ? "automatic" : "manual")} waf={(IsThirdParty ? "third-party" : "operator")}";

    /// <summary>What the words of <see cref="Setting"/> mean for this solution.</summary>
    public string Keys => Way.Solution switch
    {
        "OAuth" when IsAutomatic => "each TURN server fetches a key from each WAF",
        "OAuth" => "a key for each pair of WAF and TURN server",
        "A1" => "one secret for all",
        "Combined" => "a key for each TURN server, with which all eP-CSCFs seal",
        _ => "a certificate for each side of the interface",
    };

    public override string ToString() => $"{Way}, {Setting}";
}
