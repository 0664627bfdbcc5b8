using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Assessment.Virtual;

/// <summary>
/// WAF or WWSF as far as its traffic goes: it answers each question with as many bytes as were counted, after what it must ask of the
/// one behind it. Questions behind go one after the other.
/// </summary>
/// <param name="here">Where it asks from; null for one that asks nobody.</param>
/// <param name="behind">Whom it asks.</param>
sealed class WebHost(TransportAddress? here, TransportAddress behind) : INode
{
    readonly Queue<Parcel> _leaving = new(here is { } from ? [Parcel.Open(from, behind)] : []);
    readonly Queue<(TransportAddress Client, TransportAddress Here, Exchange Exchange)> _waiting = new();
    int _asked;

    public Instant? NextDeadline => null;

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (parcel.Kind != ParcelKind.Segment) return;
        if (parcel.To == here)
        {
            AnswerOrAsk();
        }
        else if (Exchange.TryReadQuestion(parcel.Bytes.Span, out var exchange))
        {
            _waiting.Enqueue((parcel.From, parcel.To, exchange));
            if (_waiting.Count == 1) AnswerOrAsk();
        }
    }

    public void OnDeadline(Instant now)
    {
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    /// <summary>Goes on with the first that waits, and with those after it that need nobody.</summary>
    void AnswerOrAsk()
    {
        while (_waiting.TryPeek(out var first))
        {
            if (here is { } from && _asked < first.Exchange.Behind)
            {
                _asked++;
                var question = new Exchange(first.Exchange.BehindUp, first.Exchange.BehindDown);
                _leaving.Enqueue(Parcel.Segment(from, behind, question.ToQuestion()));
                return;
            }

            _asked = 0;
            _waiting.Dequeue();
            _leaving.Enqueue(Parcel.Segment(first.Here, first.Client, first.Exchange.ToAnswer()));
        }
    }
}
