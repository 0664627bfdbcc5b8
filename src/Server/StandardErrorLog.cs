using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Portunus.Server;

/// <summary>The log of a command: warnings and worse, on standard error, because standard output is for results.</summary>
static class StandardErrorLog
{
    /// <summary>The caller owns it.</summary>
    public static ILoggerFactory Create() => LoggerFactory.Create(logging =>
    {
        logging.SetMinimumLevel(LogLevel.Warning);
        logging.AddSimpleConsole(console =>
        {
            console.SingleLine = true;
            console.TimestampFormat = "HH:mm:ss ";
        });
        logging.Services.Configure<Microsoft.Extensions.Logging.Console.ConsoleLoggerOptions>(
            console => console.LogToStandardErrorThreshold = LogLevel.Trace);
    });
}
