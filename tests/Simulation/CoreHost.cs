using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Tests.Simulation;

/// <summary>A machine with the home core, and an HSS beside it that answers when it likes.</summary>
sealed class CoreHost(TransportAddress mw, CscfSettings settings, SeededRandom random, Facts facts) : INode
{
    Cscf _core = new(settings, random.Fork());
    readonly Dictionary<string, Subscriber> _subscribers = [];
    readonly Deadlines<AskId> _answers = new();
    readonly Dictionary<AskId, Subscriber?> _answering = [];
    readonly Queue<Parcel> _leaving = new();
    readonly HashSet<string> _watched = [];
    TransportAddress _edge;

    /// <summary>The HSS takes up to this.</summary>
    public TimeSpan Slowness { get; set; }

    public int OpenQuestions => _answering.Count;

    public Instant? NextDeadline => _answers.Next is { } answer && !(_core.NextDeadline <= answer) ? answer : _core.NextDeadline;

    public void Provision(Subscriber subscriber)
    {
        _subscribers.Add(subscriber.Impi, subscriber);
        foreach (var impu in subscriber.Impus) _subscribers.Add(impu, subscriber);
    }

    /// <summary>The program ends and is started again: nobody is registered.</summary>
    public void Restart()
    {
        foreach (var ask in _answering.Keys) _answers.Cancel(ask);
        _answering.Clear();
        _watched.Clear();
        _core = new(settings, random.Fork());
    }

    /// <summary>
    /// The operator ends a registration; true when there was one of which the edge had been promised to hear.
    /// </summary>
    public bool Deregister(Instant now, string identity)
    {
        var done = _core.OnOrder(now, new CscfOrder.Deregister(identity, DeregistrationReason.Deactivated));
        Drain(now);
        return done > 0 && _watched.Contains(identity);
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (parcel.Kind == ParcelKind.Opened) _edge = parcel.From;
        if (parcel.Kind != ParcelKind.Segment || !SipMessage.TryParse(parcel.Bytes.Span, out var message, out _)) return;
        _core.OnEdge(now, message);
        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        while (_answers.TryPop(now, out var ask))
        {
            _answering.Remove(ask, out var subscriber);
            _core.OnAnswer(now, ask, subscriber);
            Drain(now);
        }

        if (!(_core.NextDeadline <= now)) return;
        _core.OnDeadline(now);
        Drain(now, isTime: true);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void Drain(Instant now, bool isTime = false)
    {
        var (asked, acted) = (0, 0);
        while (_core.TryTake(out var effect))
        {
            switch (effect)
            {
                case CscfEffect.ToEdge(var message):
                    acted++;
                    if (message is { IsResponse: true, Method: SipMethod.Subscribe, Status: 200 })
                        _watched.Add(message.To!.Uri.AddressOfRecord);
                    _leaving.Enqueue(Parcel.Segment(mw, _edge, message.ToBytes()));
                    break;
                case CscfEffect.Ask(var id, var question, _):
                    asked++;
                    facts.Questions++;
                    _answering.Add(id, _subscribers.GetValueOrDefault(question.Identity));
                    _answers.Set(id, now + TimeSpan.FromMilliseconds(1) + random.Within(Slowness));
                    break;
                default:
                    acted++;
                    break;
            }
        }

        if (!isTime && asked > 0 && asked + acted > 1) facts.Break(Laws.AskOrAct, "core", $"{asked} questions and {acted} acts");
    }
}
