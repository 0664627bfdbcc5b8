using Portunus.Sip;

namespace Portunus.Nodes.Mw;

/// <summary>Posts a message of a neighbour to the machine; false when that has stopped.</summary>
/// <param name="message">The machine's own from then on.</param>
/// <param name="length">In bytes; <see cref="IMw.Taken"/> is told the same when the message was worked off.</param>
/// <param name="isTrusted">Whether the neighbour may say that it has signed a user in (TS 33.203 Annex U).</param>
public delegate bool MwDelivery(SipMessage message, int length, bool isTrusted);
