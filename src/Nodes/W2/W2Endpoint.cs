using System.Net.WebSockets;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Core;

namespace Portunus.Nodes.W2;

/// <summary>
/// W2 as an endpoint of HTTP: the handshake of RFC 6455 §4.2 under the rules of RFC 7118 §4, and the flow it opens.
/// </summary>
sealed class W2Endpoint(W2Settings settings, EdgeNode edge, ILogger log)
{
    /// <summary>The sub-protocol of RFC 7118 §4.1.</summary>
    const string SubProtocol = "sip";

    public async Task ServeAsync(HttpContext context)
    {
        if (Refusal(context) is var (status, reason))
        {
            SignallingLog.HandshakeRefused(log, status, reason);
            await Refuse(context, status, reason);
            return;
        }

        var socket = await context.WebSockets.AcceptWebSocketAsync(new WebSocketAcceptContext
        {
            SubProtocol = SubProtocol,
            KeepAliveInterval = settings.PingInterval,
            KeepAliveTimeout = settings.PongTimeout,
        });
        if (edge.Open(id => new(id, socket, edge, settings)) is not { } flow)
        {
            // The last place was taken between the question and now: the request ends, and the WebSocket with it.
            socket.Abort();
            return;
        }

        SignallingLog.FlowOpened(log, flow.Id, context.Connection.RemoteIpAddress?.ToString() ?? "");
        SignallingLog.FlowClosed(log, flow.Id, await flow.RunAsync());
        // After a breach of RFC 6455 the runtime has sent the close frame that tells it, and given the socket up. Disposing it
        // again would reset the connection before the peer has read that frame.
        if (socket.State != WebSocketState.Aborted) socket.Dispose();
    }

    (int Status, string Reason)? Refusal(HttpContext context)
    {
        var origin = context.Request.Headers.Origin;
        // RFC 6455 §10.2. A client that sends no Origin is no browser, and no page can make a browser leave it out.
        if (origin.Count > 0 && (origin.Count > 1 || !settings.Origins.Contains(origin.ToString())))
            return (StatusCodes.Status403Forbidden, "Pages of this origin may not connect.");
        if (!context.WebSockets.IsWebSocketRequest)
            return (StatusCodes.Status426UpgradeRequired, "This is a WebSocket of version 13 (RFC 6455).");
        if (!context.WebSockets.WebSocketRequestedProtocols.Contains(SubProtocol))
            return (StatusCodes.Status400BadRequest, "The WebSocket sub-protocol must be sip (RFC 7118).");
        if (!edge.HasRoom)
            return (StatusCodes.Status503ServiceUnavailable, "No WebSocket more can be served just now.");
        return null;
    }

    static Task Refuse(HttpContext context, int status, string reason)
    {
        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = "text/plain";
        if (status == StatusCodes.Status426UpgradeRequired)
        {
            // RFC 6455 §4.4, RFC 9110 §15.5.22.
            response.Headers.Upgrade = "websocket";
            response.Headers.SecWebSocketVersion = "13";
        }

        if (status == StatusCodes.Status503ServiceUnavailable) response.Headers.RetryAfter = "10";
        return response.WriteAsync(reason + "\n");
    }
}
