using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

// Relays: their sockets are opened when the rules ask, and one that holds a reserved port is given up when another worker asks.
sealed partial class RelayWorker
{
    /// <summary>One relay, or it and the one after it, or none of them.</summary>
    TurnAnswer Open(Instant now, TurnQuestion.OpenRelay question)
    {
        var isOpen = question.IsTcp
            ? TryOpenDoor(question.Relay, question.Address, out var error)
            : TryOpen(question.Relay, question.Address, out error);
        if (!isOpen) return Unopened(now, question.Address, error);
        if (question.Next is not { } next) return new TurnAnswer.RelayOpened(question.Relay);
        var after = question.Address.WithPort((ushort)(question.Address.Port + 1));
        if (TryOpen(next, after, out error)) return new TurnAnswer.RelayOpened(question.Relay) { Next = next };
        Close(question.Relay);
        return Unopened(now, after, error);
    }

    bool TryOpen(RelayId id, in TransportAddress address, out SocketError error)
    {
        if (_path.TryOpen(address, out error) is not { } datagrams) return false;
        var relay = new WorkerSocket(datagrams) { Relay = id };
        _relays.Add(relay);
        _path.Watch(relay);
        return true;
    }

    TurnAnswer Unopened(Instant now, in TransportAddress address, SocketError error)
    {
        // Another program has this port; another one may be free.
        if (error == SocketError.AddressAlreadyInUse) return new TurnAnswer.RelayTaken();
        _counters.RelaysRefused++;
        _errors.Report(now, "a relay", error, address);
        return new TurnAnswer.RelayRefused();
    }

    /// <summary>Has another worker close what it holds; the answer comes by the inbox. Silence, when it takes no more orders.</summary>
    void Yield(AskId id, RelayId held) => Task.Run(async () =>
    {
        try
        {
            await _colleague(held.Worker).ObeyAsync(new TurnOrder.Yield(held));
        }
        finally
        {
            _inbox.Post(new(id, new TurnAnswer.RelayYielded()));
        }
    });
}
