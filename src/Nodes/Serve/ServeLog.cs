using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Serve;

/// <summary>What a process of many roles tells its operator; event ids 430 to 449.</summary>
static partial class ServeLog
{
    [LoggerMessage(430, LogLevel.Information, "The configuration was read again: secrets, users, keys and TURN servers are as it says")]
    public static partial void Refreshed(ILogger log);
}
