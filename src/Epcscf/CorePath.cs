namespace Portunus.Epcscf;

/// <summary>Names a way to a trusted neighbour in the core (Mw): a connection that the join opened or accepted.</summary>
/// <remarks>What comes on it is trusted as a Mw peer is; the join checks who is there before it calls (obligation 56).</remarks>
/// <param name="Value">A number of the join's; the default, 0, is the way to the I-CSCF of the home domain.</param>
public readonly record struct CorePath(uint Value)
{
    public override string ToString() => $"core {Value}";
}
