namespace Portunus.Assessment.Study;

/// <summary>How a WIC registers.</summary>
public enum RegistrationScenario
{
    /// <summary>Authenticated by the core, with SIP Digest.</summary>
    S1,

    /// <summary>By a login at the WAF, whose token the eP-CSCF vouches for.</summary>
    S2,

    /// <summary>As <see cref="S2"/>, under an identity that a site lends.</summary>
    S3,
}
