namespace Portunus.Turn;

// What new allocations lack. RFC 8656 §7.2 step 11 leaves to the server for which reasons it answers 508.
public sealed partial class TurnServer
{
    /// <summary>Whether memory is so short that nothing new may begin.</summary>
    public bool SparesMemory { get; private set; }

    Forward Full(scoped in Request request, in RelayWish wish, Shortage shortage)
    {
        Counters.Count(shortage);
        return Full(request, wish);
    }

    /// <summary>A claim that the ledger did not grant.</summary>
    Forward Full(scoped in Request request, in RelayWish wish, LedgerVerdict verdict) => verdict switch
    {
        LedgerVerdict.NoPort => Full(request, wish, Shortage.Ports),
        LedgerVerdict.Full => Full(request, wish, Shortage.Total),
        // A token that names nothing is a mistake of the client.
        _ => Full(request, wish),
    };
}
