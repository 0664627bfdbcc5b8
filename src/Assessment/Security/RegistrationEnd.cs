namespace Portunus.Assessment.Security;

/// <summary>Who ends a registration, or what it was made by.</summary>
enum RegistrationEnd
{
    /// <summary>The core, for a reason of its own; the eP-CSCF is told (RFC 3680).</summary>
    Core,

    /// <summary>The user: REGISTER with Expires 0.</summary>
    Client,

    /// <summary>The operator, at the eP-CSCF.</summary>
    Operator,

    /// <summary>Nobody: the WebSocket is lost, and the time of grace goes by.</summary>
    Loss,

    /// <summary>The operator, at the WAF: the user is removed there, and with it go the access tokens. The registration stays until
    /// the next one is wanted.</summary>
    Waf,
}
