using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

// Over a connection that lives an answer is late rather than lost: what was sent is on its way again, and what follows it waits. It is
// waited for no longer, but counts when it comes.
public sealed partial class CredentialTransfer
{
    /// <summary>Whatever a server says, it lives.</summary>
    static void Hear(Instant now, TransferServer server, TransferAnswer answer)
    {
        if (answer is not TransferAnswer.Unreachable) (server.HeardAt, server.IsSilent) = (now, false);
    }

    /// <summary>The deadline of a request is over.</summary>
    void Expire(Instant now, AskId id, TransferRequest request)
    {
        var server = request.Server;
        // A set has had its time, and nothing else was said beside it.
        if (request is { IsPoll: false, Statement: null })
        {
            Take(now, request, new TransferAnswer.Unreachable());
            return;
        }

        _late.Add(id, request);
        _lateEnds.Set(id, now + _settings.LatestAnswer);
        if (request.Statement is { } statement)
        {
            server.Late++;
            statement.Slots[server.Number].Late = request.Version;
            Take(now, request, new TransferAnswer.Unreachable());
            return;
        }

        server.IsPolled = false;
        if (server.HeardAt < request.Sent) server.IsSilent = true;
    }

    /// <summary>It will not come: the connection is as good as gone.</summary>
    void GiveUp(Instant now, AskId id)
    {
        if (!_late.Remove(id, out var request)) return;
        Miss(request);
        Pump(now, request.Server);
    }

    void Miss(TransferRequest request)
    {
        var server = request.Server;
        if (request.Statement is { } statement) Close(server, statement, request);
        else if (server.HeardAt < request.Sent) Lose(server);
    }

    void TakeLate(Instant now, AskId id, TransferRequest request, TransferAnswer answer)
    {
        _lateEnds.Cancel(id);
        var server = request.Server;
        Hear(now, server, answer);
        switch (answer)
        {
            case TransferAnswer.IsAt { Epoch: var epoch }:
                HearEpoch(now, request, epoch);
                break;
            case TransferAnswer.Done when request.Statement is { } statement:
                Close(server, statement, request);
                if (statement.IsForgotten || (request.Epoch != 0 && request.Epoch != server.Epoch)) break;
                ref var slot = ref statement.Slots[server.Number];
                slot.Heard = Math.Max(slot.Heard, request.Version);
                if (statement.HeardBy(server)) Settle(server, statement);
                break;
            case TransferAnswer.WrongEpoch when request.Statement is { } statement:
                Close(server, statement, request);
                if (request.Epoch == server.Epoch) BeginAnewAndPoll(now, server);
                break;
            // What it refuses it is told again after its next poll, and then it is heard in time.
            default:
                Miss(request);
                break;
        }

        Pump(now, server);
    }

    static void Close(TransferServer server, Statement statement, TransferRequest request)
    {
        server.Late--;
        ref var slot = ref statement.Slots[server.Number];
        if (slot.Late == request.Version) slot.Late = 0;
    }

    /// <summary>A credential is asked for again that was said already: its push was not acknowledged in time. Who has heard it since is
    /// named at once, who may still hear it is waited for.</summary>
    bool TryPushAgain(
        Instant now, Statement statement, PushedCredential credential, IReadOnlyCollection<string> servers, Instant deadline,
        out AskId push)
    {
        if (statement.Push is { } open) Conclude(open);
        if (!_pushes.TryOpen(statement, deadline, out push)) return false;
        statement.Said = credential.Sequence;
        (statement.Push, statement.Answered) = (push, 0);
        statement.Asked = _servers.Where(server => servers.Contains(server.Name)).Sum(server => server.Bit);
        statement.Told |= statement.Asked;
        if (statement.Asked == 0) Conclude(push);
        foreach (var server in _servers.Where(server => (statement.Asked & server.Bit) != 0))
        {
            var isHeard = statement.HeardBy(server);
            // A repetition would only wait behind what is late.
            if (!isHeard && statement.Slots[server.Number].Late != statement.Version) Offer(server, statement);
            if (isHeard || !server.IsWaitedFor) Settle(server, statement);
            Pump(now, server);
        }

        return true;
    }
}
