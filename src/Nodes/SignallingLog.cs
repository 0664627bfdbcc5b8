using System.Net;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;
using Portunus.HomeCore;

namespace Portunus.Nodes;

/// <summary>
/// What the signalling nodes tell their operator; event ids 200 to 299. Start lines at most: headers hold secrets.
/// </summary>
static partial class SignallingLog
{
    [LoggerMessage(200, LogLevel.Information, "edge: {event} {flow} {subject}")]
    public static partial void EdgeReports(ILogger log, EdgeEvent @event, FlowId flow, string subject);

    [LoggerMessage(201, LogLevel.Information, "core: {event} {subject}")]
    public static partial void CoreReports(ILogger log, CscfEvent @event, string subject);

    [LoggerMessage(202, LogLevel.Debug, "W2: {flow} opened from {client}")]
    public static partial void FlowOpened(ILogger log, FlowId flow, string client);

    [LoggerMessage(203, LogLevel.Debug, "W2: {flow} closed: {reason}")]
    public static partial void FlowClosed(ILogger log, FlowId flow, string reason);

    [LoggerMessage(204, LogLevel.Debug, "W2: handshake refused with {status}: {reason}")]
    public static partial void HandshakeRefused(ILogger log, int status, string reason);

    [LoggerMessage(210, LogLevel.Warning, "Mw {direction} lost a {message}: {reason}; said once a minute")]
    public static partial void MwLost(ILogger log, string direction, string reason, string message);

    [LoggerMessage(211, LogLevel.Warning, "Mw: {address} is not a neighbour and was refused; said once a minute")]
    public static partial void MwStranger(ILogger log, IPAddress address);

    [LoggerMessage(212, LogLevel.Warning, "Mw: {neighbour} cannot be reached by TCP; said once a minute")]
    public static partial void MwUnreachable(ILogger log, IPEndPoint neighbour);

    [LoggerMessage(213, LogLevel.Warning, "Mw: {neighbour} sent what is not SIP over TCP, and was cut; said once a minute")]
    public static partial void MwBroken(ILogger log, IPEndPoint neighbour);

    [LoggerMessage(220, LogLevel.Error, "The subscribers cannot be read: {reason}")]
    public static partial void StoreFailed(ILogger log, string reason);

    [LoggerMessage(221, LogLevel.Warning, "No answer to {question}: {reason}; said once a minute")]
    public static partial void OutsideFailed(ILogger log, EdgeQuestion question, string reason);

    [LoggerMessage(230, LogLevel.Critical, "{machine} failed at an input, which is lost; this is a defect of Portunus")]
    public static partial void MachineFailed(ILogger log, string machine, Exception cause);
}
