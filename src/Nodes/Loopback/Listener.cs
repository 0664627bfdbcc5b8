using System.Net;

namespace Portunus.Nodes.Loopback;

/// <summary>One address that is served.</summary>
/// <param name="Protocol">As an operator reads it: <c>http</c>, <c>https</c>, <c>turn</c>.</param>
/// <param name="EndPoint">With its real port.</param>
public readonly record struct Listener(string Protocol, IPEndPoint EndPoint);
