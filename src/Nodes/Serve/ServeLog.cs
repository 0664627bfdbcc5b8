using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Serve;

/// <summary>What a process of many roles tells its operator; event ids 430 to 449.</summary>
static partial class ServeLog
{
    [LoggerMessage(430, LogLevel.Information, "The configuration was read again, and what can change while it runs is as it says")]
    public static partial void Refreshed(ILogger log);

    [LoggerMessage(431, LogLevel.Warning, "Until the next start these stay as they were when it began: {Settings}")]
    public static partial void Waits(ILogger log, string settings);
}
