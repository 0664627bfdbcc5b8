using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Portunus.Tests.Io.Waf;

/// <summary>Keeps every line of every level.</summary>
sealed class MemoryLogs : ILoggerFactory, ILogger
{
    readonly ConcurrentQueue<string> _lines = [];
    readonly Channel<string> _new = Channel.CreateUnbounded<string>();

    public string Text => string.Join('\n', _lines);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel} {formatter(state, exception)} {exception}";
        _lines.Enqueue(line);
        _new.Writer.TryWrite(line);
    }

    /// <summary>Waits for a line with these words, beginning after the one that was waited for last.</summary>
    public async Task WaitForAsync(string words, CancellationToken stop)
    {
        while (!(await _new.Reader.ReadAsync(stop)).Contains(words, StringComparison.Ordinal))
        {
        }
    }

    public void Dispose()
    {
    }
}
