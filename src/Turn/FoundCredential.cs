using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>What a request may be proved with.</summary>
/// <param name="Key">To try.</param>
/// <param name="Subject">Who is charged if it fits.</param>
public readonly record struct FoundCredential(IntegrityKey Key, Subject Subject);
