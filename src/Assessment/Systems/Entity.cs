namespace Portunus.Assessment.Systems;

/// <summary>The functional entities of TS 23.228 Annex U and of the study, as the report names them.</summary>
public static class Entity
{
    public const string Wic = "WIC", Wwsf = "WWSF", Waf = "WAF", Edge = "eP-CSCF", Core = "S-CSCF", Turn = "TURN";
}
