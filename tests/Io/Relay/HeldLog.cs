using Microsoft.Extensions.Logging;

namespace Portunus.Tests.Io.Relay;

/// <summary>A log in which the thread of a worker is held when it says that an allocation began, until it is let go.</summary>
sealed class HeldLog : ILogger, IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly ManualResetEventSlim _isHeld = new();
    readonly ManualResetEventSlim _letGo = new(true);
    volatile bool _holds;

    /// <summary>The next one is held.</summary>
    public void Hold()
    {
        _letGo.Reset();
        _holds = true;
    }

    public void AwaitHeld() => Assert.True(_isHeld.Wait(Patience), "no allocation began");

    public void LetGo() => _letGo.Set();

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (!_holds || !formatter(state, exception).Contains("began", StringComparison.Ordinal)) return;
        _holds = false;
        _isHeld.Set();
        _letGo.Wait(Patience);
    }

    public void Dispose()
    {
        _letGo.Set();
        _isHeld.Dispose();
    }
}
