using System.Runtime.InteropServices;

namespace Portunus.Turn;

// What each realm had, added up when its allocations begin and end: no datagram is counted twice.
public sealed partial class TurnLedger
{
    readonly string _realm;
    readonly Dictionary<string, RealmTotals> _totals = [];

    /// <summary>By realm, of those that have had an allocation and of the first.</summary>
    public RealmTotals[] Realms()
    {
        lock (_gate)
        {
            var all = new Dictionary<string, RealmTotals>(_totals);
            // Under the lock, so that nothing is missed which ends in between: a sum never goes back.
            foreach (var lease in _live.Values) Add(all, lease, began: 0, ended: 0);
            return [.. all.Values.OrderBy(one => one.Realm, StringComparer.Ordinal)];
        }
    }

    string RealmOf(Subject subject) => subject.Realm ?? _realm;

    void CountBegin(RelayLease lease) => Add(_totals, lease, began: 1, ended: 0, withTraffic: false);

    void CountEnd(RelayLease lease) => Add(_totals, lease, began: 0, ended: 1);

    void Add(Dictionary<string, RealmTotals> all, RelayLease lease, int began, int ended, bool withTraffic = true)
    {
        var name = RealmOf(lease.Subject);
        ref var sum = ref CollectionsMarshal.GetValueRefOrAddDefault(all, name, out _);
        var traffic = sum.Traffic;
        if (withTraffic && lease.Holder is { } holder) traffic.Add(holder.Traffic);
        sum = new(name, sum.Began + began, sum.Ended + ended, traffic);
    }
}
