using Microsoft.Extensions.Logging;

namespace Portunus.Nodes.Waf;

/// <summary>
/// What is told of keys and revocations between WAF and TURN server; event ids 580 to 599. A kid is no secret; a key never
/// stands here.
/// </summary>
static partial class WafNodeLog
{
    [LoggerMessage(580, LogLevel.Warning,
        "The keys of the WAF at {Host} cannot be fetched: {Reason}; what is there counts until it ends")]
    public static partial void KeysNotFetched(ILogger log, string host, string reason);

    [LoggerMessage(581, LogLevel.Information, "TURN server {Server} has token keys {Kids}")]
    public static partial void KeysChanged(ILogger log, string server, string kids);

    [LoggerMessage(582, LogLevel.Information, "WAF: grant {Grant} of {Impi} is revoked at {Server}")]
    public static partial void GrantRevoked(ILogger log, string grant, string impi, string server);

    [LoggerMessage(583, LogLevel.Error, "WAF: what was revoked cannot be read, so that no TURN server is told: {Reason}")]
    public static partial void RevocationsNotRead(ILogger log, string reason);
}
