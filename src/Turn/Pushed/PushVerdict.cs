namespace Portunus.Turn;

/// <summary>The answer to a statement.</summary>
/// <param name="Result">What came of it.</param>
/// <param name="Sequence">Of what stands against it, where it is <see cref="PushResult.Older"/>: one above it is heard.</param>
/// <param name="Epoch">That a whole set which was <see cref="PushResult.Kept"/> has opened.</param>
public readonly record struct PushVerdict(PushResult Result, ulong Sequence = 0, ulong Epoch = 0);
