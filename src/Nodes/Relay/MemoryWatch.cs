using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>Looks ten times a second how much of its memory the process uses, and tells when it is short and when it is not any
/// more.</summary>
sealed class MemoryWatch : IDisposable
{
    // What lives must have room to grow in: its permissions, channels, sessions, and what waits for slow readers.
    public const double Short = 0.8;

    // So that one allocation more or less does not change it back.
    public const double Ample = 0.7;

    static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    // What was released counts until it is collected, and a server that takes nothing new might never collect by itself.
    static readonly TimeSpan CollectInterval = TimeSpan.FromSeconds(5);

    readonly Lock _gate = new();
    readonly Func<double> _share;
    readonly Func<bool, double, bool> _tryTell;
    Timer? _timer;
    Instant? _collected;
    bool _isDisposed;

    /// <param name="share">How much is used, of 1.</param>
    /// <param name="tryTell">Is told whether it is short, and the share; false: it is told again at the next look.</param>
    public MemoryWatch(Func<double> share, Func<bool, double, bool> tryTell) => (_share, _tryTell) = (share, tryTell);

    /// <summary>As it was told last.</summary>
    public bool IsShort { get; private set; }

    /// <summary>From now on it looks by itself.</summary>
    public void Start() => _timer = new(_ => Look(SystemClock.Now), null, Interval, Interval);

    public void Dispose()
    {
        lock (_gate) _isDisposed = true;
        _timer?.Dispose();
    }

    /// <summary>Nothing while another thread looks.</summary>
    internal void Look(Instant now)
    {
        if (!_gate.TryEnter()) return;
        try
        {
            if (_isDisposed) return;
            var share = _share();
            if (share >= Ample && (_collected is not { } last || now > last + CollectInterval))
            {
                _collected = now;
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Forced, blocking: false);
                share = _share();
            }

            var isShort = share >= (IsShort ? Ample : Short);
            if (isShort != IsShort && _tryTell(isShort, share)) IsShort = isShort;
        }
        finally
        {
            _gate.Exit();
        }
    }
}
