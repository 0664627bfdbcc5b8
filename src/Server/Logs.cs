using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

namespace Portunus.Server;

/// <summary>Where the nodes of a command log: one line an event on standard error; standard output says what was promised.</summary>
static class Logs
{
    /// <param name="least">What is less is not written.</param>
    public static ILoggerFactory ToStandardError(LogLevel least = LogLevel.Information) => LoggerFactory.Create(logs => logs
        .SetMinimumLevel(least)
        // The web server warns of its own heartbeat on a busy machine; an operator can do nothing with it.
        .AddFilter("Microsoft", LogLevel.Error)
        .AddSimpleConsole(line => (line.SingleLine, line.UseUtcTimestamp, line.TimestampFormat, line.ColorBehavior) =
            (true, true, "yyyy-MM-dd'T'HH:mm:ss.fff'Z' ", LoggerColorBehavior.Disabled))
        // A worker that says something must not wait for whoever reads it: what the queue cannot hold is left out, and counted.
        .AddConsole(console => (console.LogToStandardErrorThreshold, console.QueueFullMode) =
            (LogLevel.Trace, ConsoleLoggerQueueFullMode.DropWrite)));
}
