namespace Portunus.Fuzz.Engine;

/// <summary>What is fuzzed. Each run begins anew, so that an input says all.</summary>
abstract class Target : IDisposable
{
    /// <summary>How many kinds of steps it knows.</summary>
    public abstract byte Kinds { get; }

    /// <summary>The longest message that is worth a try, in bytes.</summary>
    public virtual int MostBytes => 1600;

    /// <summary>A law that is wrong holds, too: whoever breaks it shows that the target can find something.</summary>
    public bool IsPlanted { get; init; }

    /// <summary>Valid inputs, of which all others are made.</summary>
    public abstract IEnumerable<Step[]> Seeds();

    /// <summary>Plays an input.</summary>
    /// <param name="steps">Of any kinds and bytes.</param>
    /// <param name="coverage">Takes decisions that no branch shows.</param>
    /// <exception cref="Finding">A law does not hold; any other exception is a finding as well.</exception>
    public abstract void Run(IReadOnlyList<Step> steps, Coverage coverage);

    public virtual void Dispose() => GC.SuppressFinalize(this);
}
