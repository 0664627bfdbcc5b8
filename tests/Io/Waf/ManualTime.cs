namespace Portunus.Tests.Io.Waf;

/// <summary>A clock that a test sets. It begins with the system's, because the library under the cookies has only that.</summary>
sealed class ManualTime : TimeProvider
{
    DateTimeOffset _now = DateTimeOffset.FromUnixTimeSeconds(System.GetUtcNow().ToUnixTimeSeconds());

    public long UnixSeconds => _now.ToUnixTimeSeconds();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => _now;

    public override long GetTimestamp() => _now.UtcTicks;

    public void Advance(TimeSpan span) => _now += span;
}
