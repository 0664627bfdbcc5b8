namespace Portunus.Turn;

/// <summary>The number of a worker, one thread with one <see cref="TurnServer"/>; it stands in every id it gives out.</summary>
public readonly record struct WorkerId(byte Value)
{
    public override string ToString() => Value.ToString();
}
