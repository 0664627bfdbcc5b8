namespace Portunus.Tests.Io.Commands;

/// <summary>A clock with one timer, which a test moves; the timer fires on the test's thread.</summary>
sealed class TickingTime : TimeProvider
{
    TimeSpan _now;
    Ticker? _timer;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now.Ticks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        _timer = new(this, () => callback(state), dueTime, period);

    public void Advance(TimeSpan span)
    {
        for (var end = _now + span; ; _timer!.Fire())
        {
            _now = _timer?.Due is { } due && due <= end ? due : end;
            if (_timer?.Due > end || _timer is null) return;
        }
    }

    sealed class Ticker(TickingTime time, Action fire, TimeSpan dueTime, TimeSpan period) : ITimer
    {
        TimeSpan _period = period;

        public TimeSpan Due { get; private set; } = time._now + dueTime;

        public void Fire()
        {
            Due += _period;
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (Due, _period) = (time._now + dueTime, period);
            return true;
        }

        public void Dispose() => time._timer = null;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
