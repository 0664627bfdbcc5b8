namespace Portunus.Bench;

/// <summary>What a client of a benchmark proves itself with.</summary>
public enum Proof
{
    /// <summary>A password that does not expire.</summary>
    Static,

    /// <summary>Approach 1.</summary>
    TimeLimited,

    /// <summary>Approach 2.</summary>
    Pushed,

    /// <summary>An access token whose key is for MESSAGE-INTEGRITY.</summary>
    Token,

    /// <summary>An access token whose key is for MESSAGE-INTEGRITY-SHA256.</summary>
    Token32,
}
