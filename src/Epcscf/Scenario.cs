namespace Portunus.Epcscf;

/// <summary>How the user of a registration was authenticated, by the numbers of TS 23.228 U.2.1.1.</summary>
public enum Scenario
{
    /// <summary>IMS authentication: SIP Digest between WIC and core.</summary>
    Digest = 1,

    /// <summary>Web authentication of an individual identity: an access token.</summary>
    Web = 2,

    /// <summary>An identity from a pool of the web server's: an access token, too.</summary>
    Pool = 3,
}
