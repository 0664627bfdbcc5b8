using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Portunus.Server;

/// <summary>Where the nodes of a command log: one line an event on standard error; standard output says what was promised.</summary>
sealed class Logs : IDisposable
{
    volatile int _least;

    Logs(LogLevel least)
    {
        Least = least;
        Factory = LoggerFactory.Create(logs => logs
            .SetMinimumLevel(LogLevel.Trace)
            .AddFilter((_, level) => (int)level >= _least)
            // The web server warns of its own heartbeat on a busy machine; an operator can do nothing with it.
            .AddFilter("Microsoft", LogLevel.Error)
            .AddSimpleConsole(line => (line.SingleLine, line.UseUtcTimestamp, line.TimestampFormat, line.ColorBehavior) =
                (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", LoggerColorBehavior.Disabled))
            // A worker that says something must not wait for whoever reads it: what the queue cannot hold is left out, and counted.
            .AddConsole(console => (console.LogToStandardErrorThreshold, console.QueueFullMode) =
                (LogLevel.Trace, ConsoleLoggerQueueFullMode.DropWrite)));
    }

    /// <summary>The words of flags and configurations.</summary>
    public static IReadOnlyList<string> Words { get; } = ["debug", "information", "warning", "error"];

    public ILoggerFactory Factory { get; }

    /// <summary>What is less is not written. May change at any time.</summary>
    public LogLevel Least
    {
        get => (LogLevel)_least;
        set => _least = (int)value;
    }

    public static Logs ToStandardError(LogLevel least = LogLevel.Information) => new(least);

    /// <param name="word">One of <see cref="Words"/>.</param>
    public static LogLevel Read(string word) => Enum.Parse<LogLevel>(word, ignoreCase: true);

    public ILogger CreateLogger(string category) => Factory.CreateLogger(category);

    public void Dispose() => Factory.Dispose();
}
