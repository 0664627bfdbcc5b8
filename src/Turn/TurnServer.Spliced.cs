using Portunus.Bedrock;

namespace Portunus.Turn;

// What passes between two connections never comes here; but it is counted, and held to the bandwidth of its subject.
public sealed partial class TurnServer
{
    /// <summary>How many bytes may be read in one direction. A stream is not policed by losses: what has no budget waits where it
    /// is.</summary>
    /// <param name="now">The time.</param>
    /// <param name="id">Of the connection with the peer.</param>
    /// <param name="direction">To where it would go.</param>
    /// <param name="again">When it is 0: the time at which to ask again.</param>
    public int MostToRelay(Instant now, ConnectionId id, RelayDirection direction, out Instant again)
    {
        again = now;
        return _connections.Find(id)?.Allocation.Policer?.MostToRead(now, direction, out again) ?? int.MaxValue;
    }

    /// <summary>So much has been read, and is under way.</summary>
    public void OnRelayed(ConnectionId id, RelayDirection direction, int bytes)
    {
        if (_connections.Find(id) is not { } connection) return;
        var allocation = connection.Allocation;
        allocation.Policer?.Charge(direction, bytes);
        allocation.Traffic.Count(direction, bytes);
        Counters.By(allocation.Path).Traffic.Count(direction, bytes);
    }
}
