using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

// ICMP errors that the system keeps for the datagrams of a relay.
sealed partial class RelayWorker
{
    /// <summary>Tells the rules what came back for datagrams of a relay (RFC 8656 §11.5), up to the budget; false when there was
    /// nothing.</summary>
    /// <remarks>A socket that is ready without a datagram has such an error, and stays ready until it was taken.</remarks>
    bool TakeErrors(Instant now, WorkerSocket socket)
    {
        if (socket.Listener is not null) return false;
        var left = Budget;
        while (left > 0 && socket.Datagrams.TryTakeIcmp(out var peer, out var error))
        {
            left--;
            if (peer.Family != IPFamily.None) Settle(now, _rules.OnIcmp(now, socket.Relay, peer, error, _head));
        }

        return left < Budget;
    }
}
