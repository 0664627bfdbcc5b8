using System.Diagnostics;
using Portunus.Bedrock;

namespace Portunus.Nodes;

/// <summary>The clock of a node: monotonic time since the process began to ask, and the system's wall clock.</summary>
public static class SystemClock
{
    static readonly long Origin = Stopwatch.GetTimestamp();

    public static Instant Now =>
        new(Stopwatch.GetElapsedTime(Origin).Ticks, DateTimeOffset.UtcNow.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks);
}
