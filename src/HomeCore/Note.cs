namespace Portunus.HomeCore;

/// <summary>What is kept of a forwarded request.</summary>
/// <param name="binding">Where it went; null when it follows its own Route.</param>
sealed class Note(Binding? binding)
{
    public Binding? Binding { get; } = binding;
}
