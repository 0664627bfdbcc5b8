using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;

namespace Portunus.Nodes.Transfer;

/// <summary>What both sides of the credential interface tell their operator; event ids 400 to 419. Never a key.</summary>
static partial class TransferLog
{
    [LoggerMessage(400, LogLevel.Information, "credentials: {event} {server}")]
    public static partial void TransferReports(ILogger log, TransferEvent @event, string server);

    [LoggerMessage(401, LogLevel.Debug, "credentials: {server} could not be reached: {reason}")]
    public static partial void RequestFailed(ILogger log, string server, string reason);

    [LoggerMessage(402, LogLevel.Debug, "credentials: {client} was refused: {reason}")]
    public static partial void Refused(ILogger log, IPAddress? client, string reason);

    [LoggerMessage(403, LogLevel.Warning, "credentials: a revocation is told to nobody, there are as many statements as may be")]
    public static partial void NoRoom(ILogger log);

    [LoggerMessage(410, LogLevel.Warning, "credentials: the Redis of {server} does not let this edge in: user, password or certificate")]
    public static partial void NotLetIn(ILogger log, string server);
}
