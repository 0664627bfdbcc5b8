using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class CredentialTransfer
{
    /// <summary>A server answered a request. What comes after its deadline counts from then on.</summary>
    public void OnAnswer(Instant now, AskId id, TransferAnswer answer)
    {
        if (_requests.TryClose(id, out var request)) Take(now, request, answer);
        else if (_late.Remove(id, out var late)) TakeLate(now, id, late, answer);
    }

    void Take(Instant now, TransferRequest request, TransferAnswer answer)
    {
        Hear(now, request.Server, answer);
        if (request.IsPoll) TakePoll(now, request, answer);
        else if (request.Statement is { } statement) TakeStatement(now, request, statement, answer);
        else TakeSync(now, request, answer);
        Pump(now, request.Server);
    }

    void TakeStatement(Instant now, TransferRequest request, Statement statement, TransferAnswer answer)
    {
        var server = request.Server;
        server.UnderWay--;
        if (statement.IsForgotten) return;
        ref var slot = ref statement.Slots[server.Number];
        slot.Stage = Stage.Idle;
        switch (answer)
        {
            // A withdrawal holds in any epoch; what was put or denied in an earlier one is forgotten.
            case TransferAnswer.Done when request.Epoch == 0 || request.Epoch == server.Epoch:
                slot.Heard = Math.Max(slot.Heard, request.Version);
                if (statement.Credential is not null) server.IsFull = false;
                break;
            case TransferAnswer.Older { Sequence: var told } when request.Sequence == statement.Sequence:
                // The server remembers more than we do, or holds one number for all that we withdrew.
                Heed(told);
                Number(statement);
                break;
            case TransferAnswer.Refused:
                if (!server.HasRefused) Report(TransferEvent.Refused, server);
                server.HasRefused = true;
                if (request.Version == statement.Version) Settle(server, statement);
                else Offer(server, statement);
                return;
            case TransferAnswer.WrongEpoch when request.Epoch == server.Epoch:
                BeginAnewAndPoll(now, server);
                Postpone(server, statement);
                return;
            // It has ended what lived, and has no room to deny what may come: said again after each poll.
            case TransferAnswer.Full when statement.Name.IsRevocation:
                if (!server.HasRefused) Report(TransferEvent.ServerFull, server);
                server.HasRefused = true;
                Postpone(server, statement);
                return;
            case TransferAnswer.Full:
                Fill(server);
                Postpone(server, statement);
                Settle(server, statement);
                return;
            case TransferAnswer.Unreachable:
                Postpone(server, statement);
                Settle(server, statement);
                return;
        }

        if (statement.HeardBy(server)) Settle(server, statement);
        else Offer(server, statement);
    }

    /// <summary>A server has said all that it will say before the push of this statement is answered.</summary>
    void Settle(TransferServer server, Statement statement)
    {
        statement.Answered |= server.Bit & statement.Asked;
        if (statement.Push is { } push && statement.Answered == statement.Asked && _pushes.TryClose(push, out _))
            Acknowledge(push, statement);
        // A revocation is kept for who begins anew.
        if (statement is not { Credential: null, IsForgotten: false, Name.IsRevocation: false }) return;
        // Withdrawn, and everybody who was told of it has heard that.
        if (_servers.All(told => !statement.IsTold(told) || statement.HeardBy(told))) Forget(statement);
    }

    /// <summary>Answers a push with the servers that know its credential.</summary>
    void Acknowledge(AskId push, Statement statement)
    {
        statement.Push = null;
        var asked = _servers.Where(server => (statement.Asked & server.Bit) != 0);
        _effects.Enqueue(new TransferEffect.Acknowledged(
            push, statement.Credential is null ? [] : [.. asked.Where(statement.HeardBy).Select(server => server.Name)]));
    }

    void Fill(TransferServer server)
    {
        if (!server.IsFull) Report(TransferEvent.ServerFull, server);
        server.IsFull = true;
        // Withdrawals, which would make room, are not held back by what has none.
        for (var waiting = server.Waiting.Count; waiting > 0; waiting--)
        {
            var statement = server.Waiting.Dequeue();
            if (statement.Credential is null) server.Waiting.Enqueue(statement);
            else Postpone(server, statement);
        }
    }
}
