namespace Portunus.Epcscf;

/// <summary>Names one WebSocket of a WIC: the flow of RFC 5626 §2. The join draws it and never uses it again.</summary>
/// <param name="Value">Counted up by the join; across all shards of a node.</param>
public readonly record struct FlowId(ulong Value)
{
    public override string ToString() => $"flow {Value}";
}
