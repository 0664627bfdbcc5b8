using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class CredentialTransfer
{
    void Poll(Instant now, TransferServer server)
    {
        _polls.Set(server, now + _settings.PollInterval);
        if (server.IsPolled) return;
        var deadline = now + _settings.RequestDeadline;
        if (!_requests.TryOpen(new(server, null, 0, 0, server.Epoch ?? 0, now), deadline, out var id)) return;
        server.IsPolled = true;
        _effects.Enqueue(new TransferEffect.GetEpoch(id, server.Name, deadline + _settings.LatestAnswer));
    }

    void TakePoll(Instant now, TransferRequest request, TransferAnswer answer)
    {
        var server = request.Server;
        server.IsPolled = false;
        if (answer is TransferAnswer.IsAt { Epoch: var epoch }) HearEpoch(now, request, epoch);
        else Lose(server);
    }

    void Lose(TransferServer server)
    {
        if (server.IsReachable) Report(TransferEvent.ServerLost, server);
        server.IsReachable = false;
    }

    /// <summary>A poll was answered, in time or late.</summary>
    void HearEpoch(Instant now, TransferRequest request, ulong epoch)
    {
        var server = request.Server;
        if (!server.IsReachable) Report(TransferEvent.ServerFound, server);
        server.IsReachable = true;
        server.HasRefused = false;
        // It crossed a set, or the news of another epoch: the next one tells.
        if (server.IsSynchronising || request.Epoch != (server.Epoch ?? 0)) return;
        var isAnew = server.Epoch != epoch;
        if (isAnew) BeginAnew(server);
        server.Epoch = epoch;
        if (isAnew) RevokeAgain(server);
        server.IsInStep |= !_settings.TellsCredentials;
        if (!server.IsInStep)
        {
            Synchronise(now, server);
            return;
        }

        OfferLater(server, []);
    }

    /// <summary>What could not be said before can be now, but for usernames that the server has just refused.</summary>
    static void OfferLater(TransferServer server, HashSet<string> except)
    {
        var later = server.Later.ToArray();
        server.Later.Clear();
        foreach (var statement in later)
        {
            ref var slot = ref statement.Slots[server.Number];
            if (statement.IsForgotten || slot.Stage != Stage.Later) continue;
            slot.Stage = Stage.Idle;
            if (except.Contains(statement.Name.Username)) Postpone(server, statement);
            else Offer(server, statement);
        }
    }

    /// <summary>The server knows nothing any more of what it heard, or of another life of this edge.</summary>
    void BeginAnew(TransferServer server)
    {
        (server.Epoch, server.IsInStep) = (null, false);
        foreach (var statement in _statements.Values) statement.Slots[server.Number].Heard = 0;
    }

    /// <summary>A server said that it is in another epoch; until its next answer to a poll it is told nothing.</summary>
    void BeginAnewAndPoll(Instant now, TransferServer server)
    {
        BeginAnew(server);
        _polls.Set(server, now);
    }

    void Synchronise(Instant now, TransferServer server)
    {
        var sequence = Next();
        var deadline = now + _settings.SyncDeadline;
        if (!_requests.TryOpen(new(server, null, 0, sequence, server.Epoch!.Value, now), deadline, out var id)) return;
        server.IsSynchronising = true;
        var set = _statements.Values.Where(s => s.Credential is not null && s.IsTold(server)).Select(s => s.Credential!);
        _effects.Enqueue(new TransferEffect.Sync(id, server.Name, sequence, [.. set], server.Epoch.Value, deadline));
    }

    void TakeSync(Instant now, TransferRequest request, TransferAnswer answer)
    {
        var server = request.Server;
        server.IsSynchronising = false;
        switch (answer)
        {
            case TransferAnswer.Synchronised { Epoch: var opened, Except: var except } when request.Epoch == server.Epoch:
                (server.Epoch, server.IsInStep) = (opened, true);
                server.IsFull = false;
                Report(TransferEvent.Synchronised, server);
                var without = except.ToHashSet(StringComparer.Ordinal);
                // What was said since has a higher number, and goes its own way.
                var said = _statements.Values.Where(s => s.IsTold(server) && !s.Name.IsRevocation && s.Sequence < request.Sequence);
                foreach (var statement in said.ToArray())
                {
                    if (!without.Contains(statement.Name.Username)) statement.Slots[server.Number].Heard = statement.Version;
                    Settle(server, statement);
                }

                OfferLater(server, without);
                break;
            case TransferAnswer.WrongEpoch when request.Epoch == server.Epoch:
                BeginAnewAndPoll(now, server);
                break;
            case TransferAnswer.Full:
                if (!server.IsFull) Report(TransferEvent.ServerFull, server);
                server.IsFull = true;
                break;
            case TransferAnswer.Refused:
                if (!server.HasRefused) Report(TransferEvent.Refused, server);
                server.HasRefused = true;
                break;
        }
    }
}
