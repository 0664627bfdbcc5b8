namespace Portunus.Simulation;

/// <summary>
/// Thrown when the world saw what must not be; its message says seed, time, law, last events, and how to repeat it.
/// </summary>
public sealed class LawBroken : Exception
{
    internal LawBroken(string sentence, string message, Exception? inner)
        : base(message, inner) => Sentence = sentence;

    /// <summary>The law as it was declared.</summary>
    public string Sentence { get; }
}
