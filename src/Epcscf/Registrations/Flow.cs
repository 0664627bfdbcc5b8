namespace Portunus.Epcscf;

/// <summary>A WebSocket that sent a REGISTER.</summary>
/// <param name="id">Of the join.</param>
/// <param name="addressOfRecord">Of its first REGISTER; a flow serves one identity all its life, which chose its shard.</param>
/// <param name="transport">WS or WSS, as the WIC's Via says.</param>
sealed class Flow(FlowId id, string addressOfRecord, string transport)
{
    public FlowId Id { get; } = id;

    public string AddressOfRecord { get; } = addressOfRecord;

    public string Transport { get; } = transport;

    /// <summary>Null before the first 200, and after the binding ended.</summary>
    public Registration? Registration { get; set; }
}
