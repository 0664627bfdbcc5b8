namespace Portunus.Epcscf;

/// <summary>Why an access token was not found good.</summary>
public enum TokenFault
{
    /// <summary>Not signed by whom it should be, not for this edge, revoked, or no token at all.</summary>
    Invalid,

    /// <summary>It was good once.</summary>
    Expired,

    /// <summary>
    /// Nobody could tell: its keys cannot be had, or the one to ask does not answer. Another time it may be good.
    /// </summary>
    Unavailable,
}
