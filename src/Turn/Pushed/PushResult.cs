namespace Portunus.Turn;

/// <summary>What came of a statement about pushed credentials.</summary>
public enum PushResult : byte
{
    /// <summary>It is known from now on, and was not before.</summary>
    Created,

    /// <summary>What was said holds: it is newer than what was known, or was said before.</summary>
    Kept,

    /// <summary>Something newer was said of it; nothing changed.</summary>
    Older,

    /// <summary>It has run out by this server's clock.</summary>
    Expired,

    /// <summary>It would live longer than anything may here.</summary>
    TooLong,

    /// <summary>It was meant for this server before it began anew, or before a later set of its edge.</summary>
    WrongEpoch,

    /// <summary>The username belongs to another edge.</summary>
    Forbidden,

    /// <summary>The edge has as many as it may have.</summary>
    Full,
}
