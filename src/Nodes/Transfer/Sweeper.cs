using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>Ends, each second, what runs out in a table of pushed credentials without anybody saying so.</summary>
sealed class Sweeper : IAsyncDisposable
{
    static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    readonly PushedCredentials _table;
    readonly Func<IReadOnlyCollection<string>, Task> _end;
    readonly Timer _timer;

    public Sweeper(PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end)
    {
        (_table, _end) = (table, end);
        _timer = new(_ => Sweep(), null, Interval, Interval);
    }

    public ValueTask DisposeAsync() => _timer.DisposeAsync();

    void Sweep()
    {
        List<string> ended = [];
        _table.OnDeadline(SystemClock.Now, ended);
        // Its failure is the TURN server's, which says so itself.
        if (ended.Count > 0) _ = _end(ended);
    }
}
