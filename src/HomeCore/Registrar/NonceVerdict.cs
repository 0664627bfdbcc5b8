namespace Portunus.HomeCore;

/// <summary>What a registrar says of a nonce that it is given.</summary>
enum NonceVerdict
{
    /// <summary>Not made here, or altered.</summary>
    NotOurs,

    /// <summary>Ours, but older than its lifetime.</summary>
    Stale,
    Fresh,
}
