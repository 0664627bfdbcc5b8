namespace Portunus.Turn;

/// <summary>The number of a worker: one thread with one <see cref="TurnServer"/>. It stands in every id that the worker gives out.</summary>
public readonly record struct WorkerId(byte Value)
{
    public override string ToString() => Value.ToString();
}
