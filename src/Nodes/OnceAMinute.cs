using Portunus.Bedrock;

namespace Portunus.Nodes;

/// <summary>Lets one complaint a minute into a log, where its cause would repeat it with every input; for many threads.</summary>
sealed class OnceAMinute
{
    static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    readonly Lock _gate = new();
    Instant? _next;

    /// <summary>True for the first who asks within a minute.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            var now = SystemClock.Now;
            if (now < _next) return false;
            _next = now + Minute;
            return true;
        }
    }
}
