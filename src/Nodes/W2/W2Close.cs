using System.Net.WebSockets;

namespace Portunus.Nodes.W2;

/// <summary>
/// Why we close a WebSocket: a code of RFC 6455 §7.4 and a reason that a developer reads in the browser's console.
/// </summary>
/// <remarks>4000 to 4999 are private (§7.4.2): 4000 and 4002 are those by which OverSIP tells the same.</remarks>
readonly record struct W2Close(WebSocketCloseStatus Code, string Reason)
{
    /// <summary>The edge ended the flow after its last message.</summary>
    public static W2Close Ended => new(WebSocketCloseStatus.NormalClosure, "");

    /// <summary>The server stops.</summary>
    public static W2Close GoingAway => new(WebSocketCloseStatus.EndpointUnavailable, "The server is going away");

    /// <summary>A message is larger than W2 takes.</summary>
    public static W2Close TooBig => new(WebSocketCloseStatus.MessageTooBig, "A SIP message has at most 65535 bytes here");

    /// <summary>Nobody keeps a place that registers nobody.</summary>
    public static W2Close NeverRegistered => new(WebSocketCloseStatus.PolicyViolation, "No REGISTER came");

    /// <summary>Not SIP, or SIP that cannot be answered: there is no Via to answer by.</summary>
    public static W2Close NotSip(string what) => new((WebSocketCloseStatus)4000, $"Not a SIP message: {what}");
}
