using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>
/// One node's end of the reference point Mw: sends its messages to whom they are for, and hands over what its neighbours send.
/// For many threads.
/// </summary>
public interface IMw : IDisposable
{
    /// <summary>Begins to hand over.</summary>
    /// <param name="deliver">What the machine took is told by <see cref="Taken"/>.</param>
    void Start(MwDelivery deliver);

    /// <summary>
    /// Sends a message, or loses it: a response to where its request came from, a request by its Route. A request that cannot
    /// be sent is answered 503 by this end itself (RFC 3261 §8.1.3.1).
    /// </summary>
    /// <param name="message">Given away.</param>
    void Send(SipMessage message);

    /// <summary>The machine has worked off a message.</summary>
    /// <param name="length">In bytes, as it was delivered with.</param>
    void Taken(int length);
}
