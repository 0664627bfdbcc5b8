using Portunus.Bedrock;

namespace Portunus.Nodes.Wic;

/// <summary>A TURN server sends the client to another one (RFC 8489 §10).</summary>
/// <param name="server">The other one.</param>
/// <param name="inner">What was said of the first.</param>
sealed class RedirectedException(TransportAddress server, Exception inner) : RefusedException(inner.Message, inner)
{
    public TransportAddress Server { get; } = server;
}
