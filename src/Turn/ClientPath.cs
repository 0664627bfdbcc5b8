using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>The way on which a client's message came and its answers go back.</summary>
/// <param name="FiveTuple">What the allocation is known by (RFC 8656 §2). The server address is the listener's.</param>
/// <param name="Listener">The loop's number for the socket or connection. The rules hand it back and never look at it.</param>
public readonly record struct ClientPath(FiveTuple FiveTuple, int Listener)
{
    /// <summary>The worker that hears the client and carries what it says to the one that has its allocation, whose path this is; null
    /// where both are the same.</summary>
    public WorkerId? CarriedBy { get; init; }

    /// <summary>Whether messages follow each other in a stream; ChannelData is padded to four bytes (RFC 8656 §12.5).</summary>
    public bool IsStream => FiveTuple.Transport is ClientTransport.Tcp or ClientTransport.Tls;
}
