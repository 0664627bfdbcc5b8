using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>
/// A TURN server (RFC 8656) as one machine: bytes and time in, decisions out. One worker owns it and calls it on one thread.
/// </summary>
/// <remarks>Every <c>head</c> has at least <see cref="HeadSize"/> bytes: it takes what precedes the payload, or the whole reply.</remarks>
/// <param name="self">The worker, whose number stands in every id given out.</param>
/// <param name="settings">What the operator decided.</param>
/// <param name="ledger">Shared with the other workers.</param>
/// <param name="verifier">Finds the keys of a username.</param>
/// <param name="random">Ports, nonces, tokens.</param>
public sealed partial class TurnServer(
    WorkerId self, TurnSettings settings, TurnLedger ledger, ICredentialVerifier verifier, IRandom random)
{
    /// <summary>The least size of the head span that callers bring: the longest answer fits, as RFC 8489 §6.1 advises.</summary>
    public const int HeadSize = 548;

    readonly WorkerId _self = self;
    readonly TurnSettings _settings = settings.Validated();
    readonly TurnLedger _ledger = ledger;
    readonly ICredentialVerifier _verifier = verifier;
    readonly IRandom _random = random;
    readonly Queue<TurnEffect> _effects = [];

    public TurnCounters Counters { get; } = new();

    /// <summary>When <see cref="OnDeadline"/> is to be called next; null while nothing is due ever.</summary>
    public Instant? NextDeadline => null;

    /// <summary>One message of a client: a datagram, or one message cut out of a stream.</summary>
    public Forward OnClient(Instant now, in ClientPath path, ReadOnlySpan<byte> message, Span<byte> head) =>
        Forward.Drop(DropReason.NotForUs);

    /// <summary>One datagram of a peer at a relay.</summary>
    public Forward OnPeer(Instant now, RelayId relay, in TransportAddress peer, ReadOnlySpan<byte> payload, Span<byte> head) =>
        Forward.Drop(DropReason.NoRelay);

    /// <summary>The outside answers a question; the reply that was waiting for it is returned.</summary>
    public Forward OnAnswer(Instant now, AskId ask, TurnAnswer answer, Span<byte> head) => Forward.Drop(DropReason.Nothing);

    public void OnOrder(Instant now, TurnOrder order)
    {
    }

    /// <summary>Does what is due. Silence at a question's deadline is an answer, too, and may owe a client a reply: call it again
    /// while <see cref="NextDeadline"/> is not after <paramref name="now"/>.</summary>
    public Forward OnDeadline(Instant now, Span<byte> head) => Forward.Drop(DropReason.Nothing);

    /// <summary>Takes the next queued effect; the join drains after every input.</summary>
    public bool TryTake([NotNullWhen(true)] out TurnEffect? effect) => _effects.TryDequeue(out effect);
}
