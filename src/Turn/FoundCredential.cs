using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>What a request may be proved with.</summary>
/// <param name="Key">To try.</param>
/// <param name="Subject">Who is charged if it fits.</param>
public readonly record struct FoundCredential(IntegrityKey Key, Subject Subject)
{
    /// <summary>When what runs on it ends, too; null where its expiry only keeps out what is new.</summary>
    public Instant? EndsAt { get; init; }

    /// <summary>What it may be used for; null for what the server allows anyone.</summary>
    public Allowance? Allowance { get; init; }
}
