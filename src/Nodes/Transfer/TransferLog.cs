using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;

namespace Portunus.Nodes.Transfer;

/// <summary>What both sides of the credential interface tell their operator; event ids 300 to 319. Never a key.</summary>
static partial class TransferLog
{
    [LoggerMessage(300, LogLevel.Information, "credentials: {event} {server}")]
    public static partial void TransferReports(ILogger log, TransferEvent @event, string server);

    [LoggerMessage(301, LogLevel.Debug, "credentials: {server} could not be reached: {reason}")]
    public static partial void RequestFailed(ILogger log, string server, string reason);

    [LoggerMessage(302, LogLevel.Debug, "credentials: {client} was refused: {reason}")]
    public static partial void Refused(ILogger log, IPAddress? client, string reason);
}
