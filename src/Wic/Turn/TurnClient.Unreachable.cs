using Portunus.Bedrock;

namespace Portunus.Wic;

// What the system says of the way to the server.
public sealed partial class TurnClient
{
    /// <summary>
    /// The system reports that the server's port is closed: a hard ICMP error ends what waits (RFC 8489 §6.2.1).
    /// </summary>
    /// <remarks>
    /// Once there is a relay such a report is not believed: anyone can forge it, and a server that is really gone ends the
    /// relay by its silence.
    /// </remarks>
    public void OnUnreachable(Instant now)
    {
        if (Relayed is not null) return;
        foreach (var (id, transaction) in _transactions.ToArray())
        {
            _transactions.Remove(id);
            _retransmissions.Cancel(id);
            Fail(transaction.Wanted, TurnClientFailure.Unreachable);
        }
    }
}
