using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

public sealed partial class CredentialTransfer
{
    /// <summary>How long a push may be on its way from a shard to here after its withdrawal: it waits for a thread.</summary>
    static readonly TimeSpan LongestWay = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Makes a credential known to some servers, or what is new of it. <see cref="TransferEffect.Acknowledged"/> follows when all
    /// of them have answered or at the deadline; a server that has not heard it then, hears it later.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="credential">Its sequence orders what its shard says, and is drawn anew for the servers.</param>
    /// <param name="servers">Their names; a name that is not in the settings is left out. With none the credential is kept for
    /// those that ask, and told to those that did.</param>
    /// <param name="deadline">For the acknowledgement.</param>
    /// <param name="push">Names this push in the acknowledgement.</param>
    /// <returns>False when there is no room, or when its shard said something newer: nobody will hear of it.</returns>
    public bool TryPush(
        Instant now, PushedCredential credential, IReadOnlyCollection<string> servers, Instant deadline, out AskId push)
    {
        push = default;
        var name = new CredentialName(credential.Realm, credential.Username);
        var isNew = !_statements.TryGetValue(name, out var statement);
        if (isNew && _statements.Count >= _settings.Credentials) return false;
        var newest = Math.Max(statement?.Said ?? 0, _withdrawn.GetValueOrDefault(name));
        if (credential.Sequence < newest) return false;
        if (statement?.Says(credential) is true) return TryPushAgain(now, statement, credential, servers, deadline, out push);
        statement ??= new(name, _servers.Length);
        // Of two pushes of one username the earlier is overtaken: what it asked for is known to nobody any more.
        Overtake(statement);
        if (!_pushes.TryOpen(statement, deadline, out push)) return false;
        if (isNew) _statements.Add(name, statement);
        statement.Said = credential.Sequence;
        (statement.Push, statement.Answered) = (push, 0);
        statement.Asked = _servers.Where(server => servers.Contains(server.Name)).Sum(server => server.Bit);
        statement.Told |= statement.Asked;
        Say(now, statement, credential, credential.Expires);
        return true;
    }

    /// <summary>Nobody waits for a push any more: it is answered now with those that have acknowledged.</summary>
    public void Conclude(AskId push)
    {
        if (_pushes.TryClose(push, out var statement)) Acknowledge(push, statement);
    }

    /// <summary>The registration ended: its username is withdrawn at every server that was told of it, until each has
    /// answered.</summary>
    /// <param name="now">The time.</param>
    /// <param name="realm">Of the credential.</param>
    /// <param name="username">Of the credential.</param>
    /// <param name="sequence">Above that of the pushes that are withdrawn; one of them may come after this.</param>
    public void Withdraw(Instant now, string realm, string username, ulong sequence)
    {
        var name = new CredentialName(realm, username);
        if (_withdrawn.Count < _settings.Credentials)
        {
            _withdrawn[name] = sequence;
            _withdrawnEnds.Set(name, now + LongestWay);
        }

        if (!_statements.TryGetValue(name, out var statement) || statement.Credential is null) return;
        Overtake(statement);
        if (statement.Told == 0) Forget(statement);
        else Say(now, statement, null, statement.Ends);
    }

    void Overtake(Statement statement)
    {
        if (statement.Push is not { } push || !_pushes.TryClose(push, out _)) return;
        statement.Push = null;
        _effects.Enqueue(new TransferEffect.Acknowledged(push, []));
    }

    void Say(Instant now, Statement statement, PushedCredential? credential, long ends)
    {
        (statement.Credential, statement.Ends) = (credential, ends);
        statement.Version++;
        Number(statement);
        _ends.Set(statement, now.AtUnixSeconds(ends));
        // Nobody to wait for.
        if (statement is { Asked: 0, Push: { } push } && _pushes.TryClose(push, out _)) Acknowledge(push, statement);
        foreach (var server in _servers.Where(statement.IsTold))
        {
            Offer(server, statement);
            // A server that is known not to answer is not waited for.
            if (!server.IsWaitedFor) Settle(server, statement);
            Pump(now, server);
        }
    }

    void Number(Statement statement)
    {
        statement.Sequence = Next();
        statement.Credential = statement.Credential is { } said ? said with { Sequence = statement.Sequence } : null;
    }

    /// <summary>Puts a statement in line for a server.</summary>
    static void Offer(TransferServer server, Statement statement)
    {
        ref var slot = ref statement.Slots[server.Number];
        // What is under way is looked at again when its answer comes.
        if (slot.Stage is Stage.Waiting or Stage.UnderWay) return;
        if (server.IsOpen)
        {
            slot.Stage = Stage.Waiting;
            server.Waiting.Enqueue(statement);
        }
        else if (slot.Stage != Stage.Later)
        {
            Postpone(server, statement);
        }
    }

    static void Postpone(TransferServer server, Statement statement)
    {
        statement.Slots[server.Number].Stage = Stage.Later;
        server.Later.Add(statement);
    }

    /// <summary>Sends what waits for a server, as much as may be under way.</summary>
    void Pump(Instant now, TransferServer server)
    {
        while (server.IsOpen && server.UnderWay + server.Late < _settings.Parallel && server.Waiting.TryDequeue(out var statement))
        {
            ref var slot = ref statement.Slots[server.Number];
            slot.Stage = Stage.Idle;
            if (statement.IsForgotten || slot.Heard == statement.Version) continue;
            var epoch = statement is { Credential: null, Name.IsRevocation: false } ? 0 : server.Epoch!.Value;
            TransferRequest request = new(server, statement, statement.Version, statement.Sequence, epoch, now);
            if (!_requests.TryOpen(request, now + _settings.RequestDeadline, out var id))
                throw new InvalidOperationException("Above the bound.");
            var deadline = now + _settings.RequestDeadline + _settings.LatestAnswer;
            slot.Stage = Stage.UnderWay;
            server.UnderWay++;
            var (realm, username, isRevocation) = statement.Name;
            _effects.Enqueue(statement.Credential is { } credential
                ? new TransferEffect.Put(id, server.Name, credential, epoch, deadline)
                : isRevocation ? new TransferEffect.Revoke(id, server.Name, realm, username, statement.Ends, deadline)
                : new TransferEffect.Delete(id, server.Name, realm, username, statement.Sequence, deadline));
        }
    }
}
