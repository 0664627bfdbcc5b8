using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Waf;

/// <summary>
/// What is told of keys between WAF and TURN server; event ids 580 to 599. A kid is no secret; a key never stands here.
/// </summary>
static partial class WafNodeLog
{
    [LoggerMessage(580, LogLevel.Warning,
        "The keys of the WAF at {Host} cannot be fetched: {Reason}; what is there counts until it ends")]
    public static partial void KeysNotFetched(ILogger log, string host, string reason);

    [LoggerMessage(581, LogLevel.Information, "TURN server {Server} has token keys {Kids}")]
    public static partial void KeysChanged(ILogger log, string server, string kids);
}
