using Portunus.Bedrock;

namespace Portunus.Turn;

// Bandwidth: what a datagram is held to before it is counted and sent.
public sealed partial class TurnServer
{
    /// <summary>By the server's rule and the limit of the credential, whichever is narrower; null where there is neither.</summary>
    Policer? PolicerOf(Caller caller)
    {
        var limit = new BandwidthLimit(_settings.MaxKbps, _settings.MaxPps);
        if (caller.Allowance is { } allowance) limit = limit.And(allowance.Bandwidth);
        return _ledger.Bandwidth(caller.Subject, limit) is { } shared ? new(shared) : null;
    }

    static bool IsPoliced(Instant now, Allocation allocation, RelayDirection direction, int length) =>
        allocation.Policer is { } policer && !policer.Allows(now, direction, length);
}
