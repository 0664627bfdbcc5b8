namespace Portunus.Epcscf;

/// <summary>A WebSocket that sent a REGISTER.</summary>
/// <param name="id">Of the join.</param>
/// <param name="addressOfRecord">Of its first REGISTER; a flow serves one identity all its life, which chose its shard.</param>
/// <param name="transport">WS or WSS, as the WIC's Via says.</param>
/// <param name="showsTokens">Whether its first REGISTER came with a bearer: its scenario, all its life.</param>
sealed class Flow(FlowId id, string addressOfRecord, string transport, bool showsTokens)
{
    public FlowId Id { get; } = id;

    public string AddressOfRecord { get; } = addressOfRecord;

    public string Transport { get; } = transport;

    public bool ShowsTokens { get; } = showsTokens;

    /// <summary>The last that was found good; null before, and on a flow that shows none.</summary>
    public VerifiedToken? Token { get; set; }

    /// <summary>Null before the first 200, and after the binding ended.</summary>
    public Registration? Registration { get; set; }
}
