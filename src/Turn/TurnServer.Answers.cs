using Portunus.Bedrock;

namespace Portunus.Turn;

// The answers from outside: each is put where the rule looks, and the kept request is run again from its first check.
public sealed partial class TurnServer
{
    /// <summary>The outside answers a question; the reply that was waiting for it is returned.</summary>
    public Forward OnAnswer(Instant now, AskId ask, TurnAnswer answer, Span<byte> head)
    {
        if (_questions.TryClose(ask, out var waiting)) return Rerun(now, waiting, answer, head);
        // Too late: the question was given up, and its relay belongs to nobody.
        if (answer is TurnAnswer.RelayOpened opened && _relays.Find(opened.Relay) is null)
        {
            _effects.Enqueue(new TurnEffect.CloseRelay(opened.Relay));
            if (opened.Next is { } next) _effects.Enqueue(new TurnEffect.CloseRelay(next));
        }

        return Forward.Drop(DropReason.Nothing);
    }

    /// <param name="now">The time.</param>
    /// <param name="waiting">What waited.</param>
    /// <param name="answer">Null for silence until the deadline.</param>
    /// <param name="head">Takes the reply.</param>
    Forward Rerun(Instant now, Waiting waiting, TurnAnswer? answer, Span<byte> head)
    {
        var forward = waiting switch
        {
            Opening opening => Rerun(now, opening, answer, head),
            Search search => Rerun(now, search, answer, head),
            Connecting connecting => Rerun(now, connecting, answer, head),
            _ => throw new InvalidOperationException($"No way to run {waiting.GetType().Name} again."),
        };
        // Its client was lodged here meanwhile, and sends it again. What is carried is the input, and there is none.
        return forward.Kind == ForwardKind.ToWorker ? Forward.Drop(DropReason.Nothing) : forward;
    }
}
