using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Simulation.Transfer.Pull;

// Clients beside the server: what is between them and it is no part of these worlds.
sealed partial class PullTurn
{
    readonly Dictionary<FiveTuple, PullCall> _calls = [];
    readonly byte[] _head = new byte[TurnServer.HeadSize];
    uint _hidden;

    /// <summary>A client allocates, as one does: challenged first, then with its password.</summary>
    public void Call(Instant now, PullCall call)
    {
        _facts.Calls++;
        var source = _plant == PullPlant.HidesSources
            ? TransportAddress.IPv4(0x0E000000 + ++_hidden, call.Client.Port)
            : call.Client;
        var path = new ClientPath(new(source, _address.WithPort(3478), ClientTransport.Udp), 0);
        var challenge = _turn.OnClient(now, path, PullCall.Bare(_random), _head);
        var nonce = PullCall.NonceOf(_head.AsSpan(0, challenge.Head));
        _calls[path.FiveTuple] = call;
        var isKnown = Knows(now, call.Username);
        Run(now, _turn.OnClient(now, path, call.Proved(_random, nonce), _head));
        // An impatient client sends it again; nothing more is asked for it.
        if (!call.IsAnswered) Run(now, _turn.OnClient(now, path, call.Proved(_random, nonce), _head));
        if (!isKnown) return;
        _facts.Known++;
        if (!call.IsServed || call.Asked > 0) _facts.Break(PullLaws.KnownIsServed, Name, call.Username);
    }

    /// <summary>Sends what was returned, and performs what was queued.</summary>
    void Run(Instant now, Forward forward)
    {
        if (forward.Kind == ForwardKind.ToClient && _calls.TryGetValue(forward.Path.FiveTuple, out var call))
        {
            call.Receive(_head.AsSpan(0, forward.Head));
            if (call.IsServed) _facts.Served++;
        }

        List<TurnEffect> effects = [];
        while (_turn.TryTake(out var effect)) effects.Add(effect);
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case TurnEffect.Ask(var id, TurnQuestion.OpenRelay(var relay, _), _):
                    Run(now, _turn.OnAnswer(now, id, new TurnAnswer.RelayOpened(relay), _head));
                    break;
                case TurnEffect.Ask(var id, TurnQuestion.FindCredential(var username), var deadline):
                    Search(now, id, deadline, _calls.Values.Last(one => one.Username == username && !one.IsAnswered));
                    break;
            }
        }
    }
}
