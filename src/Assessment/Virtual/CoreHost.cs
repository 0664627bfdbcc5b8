using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Simulation;
using Portunus.Sip;

namespace Portunus.Assessment.Virtual;

/// <summary>The home core as it is, over UDP, with its subscribers beside it.</summary>
sealed class CoreHost : INode
{
    readonly Cscf _core;
    readonly Dictionary<string, Subscriber> _subscribers = [];
    readonly Queue<Parcel> _leaving = new();
    readonly Queue<CscfEffect.Ask> _asked = new();

    public CoreHost(CscfSettings settings, IEnumerable<Subscriber> subscribers, IRandom random)
    {
        _core = new(settings, random);
        foreach (var subscriber in subscribers)
            foreach (var name in (string[])
            [
                subscriber.Impi, .. subscriber.Impus, .. subscriber.MoreSets.SelectMany(set => set),
            ])
                _subscribers.TryAdd(name, subscriber);
    }

    public Instant? NextDeadline => _core.NextDeadline;

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (!SipMessage.TryParse(parcel.Bytes.Span, out var message, out _)) return;
        _core.OnEdge(now, message);
        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        _core.OnDeadline(now);
        Drain(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    void Drain(Instant now)
    {
        do
        {
            while (_core.TryTake(out var effect))
                if (effect is CscfEffect.ToEdge(var message))
                    _leaving.Enqueue(Parcel.Datagram(Address.Core, Address.EdgeMw, message.ToBytes()));
                else if (effect is CscfEffect.Ask ask) _asked.Enqueue(ask);
            // The HSS is in the same process.
            if (!_asked.TryDequeue(out var asked)) return;
            _core.OnAnswer(now, asked.Id, _subscribers.GetValueOrDefault(asked.Question.Identity));
        }
        while (true);
    }
}
