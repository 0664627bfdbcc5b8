using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>An edge's transfer of credentials, in one process after another.</summary>
sealed class EdgeProcess(
    TransportAddress address, TurnHost[] servers, Post post, SeededRandom random, TransferFacts facts, TransferPlant plant)
    : INode
{
    static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(500);

    readonly Queue<Parcel> _leaving = new();
    readonly Dictionary<AskId, (PushedCredential Credential, int[] Restarts)> _pushes = [];
    readonly Dictionary<string, (PushedCredential Credential, int[] Restarts)> _last = [];
    readonly Dictionary<AskId, (int Server, Letter Letter)> _asked = [];
    readonly HashSet<string> _usernames = [];
    readonly HashSet<(int Server, string Username)> _withdrawn = [];
    HashSet<string> _ofEarlierLives = [];
    CredentialTransfer _transfer = New();
    int _life;
    int _version;

    readonly Dictionary<string, long> _revoked = [];
    readonly HashSet<(int Server, string Id)> _told = [];

    /// <summary>What ended in this process, and when its credentials do: Unix seconds.</summary>
    public IReadOnlyDictionary<string, long> Revoked => _revoked;

    /// <summary>Share of withdrawals and revocations that are lost on the way.</summary>
    public double WithdrawalsLost { get; set; }

    public IEnumerable<PushedCredential> Credentials => _transfer.Credentials;

    public int Withdrawing => _transfer.Withdrawing;

    public Instant? NextDeadline => _transfer.NextDeadline;

    /// <summary>A registration asks for a credential, the first or a renewed one.</summary>
    public void Push(Instant now, string username, long ttl)
    {
        // The registrations of a process end with it.
        if (_ofEarlierLives.Contains(username)) return;
        _usernames.Add(username);
        var credential = TransferWorld.Credential(username, ++_version, now.UnixSeconds + ttl);
        _last[username] = (credential, [.. servers.Select(s => s.Restarts)]);
        PushAgain(now, username);
    }

    /// <summary>A WIC asks again for what it was perhaps not given: a server that began anew since the first time has forgotten
    /// it.</summary>
    public void PushAgain(Instant now, string username)
    {
        if (!_last.TryGetValue(username, out var last)) return;
        facts.Pushes++;
        if (_transfer.TryPush(now, last.Credential, [.. servers.Select(s => s.Name)], now + Patience, out var push))
            _pushes.Add(push, last);
        Drain(now);
    }

    public void Withdraw(Instant now, string username)
    {
        facts.Withdrawals++;
        _transfer.Withdraw(now, TransferWorld.Realm, username, 0);
        Drain(now);
    }

    /// <summary>A registration ends whose credentials no server was told of.</summary>
    public void Revoke(Instant now, string id, long expires)
    {
        facts.Revocations++;
        _revoked[id] = expires;
        if (_transfer.TryRevoke(now, TransferWorld.Realm, id, expires, [.. servers.Select(s => s.Name)])) Drain(now);
    }

    /// <summary>The process ends and is started again: nobody is registered.</summary>
    public void Restart()
    {
        _life++;
        _transfer = New();
        _pushes.Clear();
        _last.Clear();
        _asked.Clear();
        _withdrawn.Clear();
        _revoked.Clear();
        _told.Clear();
        _ofEarlierLives = [.. _usernames];
        facts.EdgeRestarts++;
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        if (post.Open(parcel.Bytes) is not Letter.Answer answer || answer.Life != _life) return;
        Note(answer);
        _transfer.OnAnswer(now, answer.Id, answer.What);
        Drain(now);
    }

    public void OnDeadline(Instant now)
    {
        _transfer.OnDeadline(now);
        Drain(now);
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    // A set that is lost is noticed at once where a connection breaks; nobody tells of a lost letter.
    static CredentialTransfer New() =>
        new(new() { Servers = ["turn0", "turn1", "turn2"], SyncDeadline = TimeSpan.FromSeconds(3) });

    /// <summary>What an answer means for what must never be good again.</summary>
    void Note(Letter.Answer answer)
    {
        if (!_asked.TryGetValue(answer.Id, out var asked)) return;
        if (asked.Letter is Letter.Delete delete) facts.Gone.Add((asked.Server, delete.Username));
        if (answer.What is not TransferAnswer.Synchronised) return;
        foreach (var username in _ofEarlierLives) facts.Gone.Add((asked.Server, username));
    }

    void Drain(Instant now)
    {
        while (_transfer.TryTake(out var effect))
        {
            switch (effect)
            {
                case TransferEffect.Put put:
                    Send(put.Server, new Letter.Put(_life, put.Id, put.Credential, put.Epoch));
                    break;
                case TransferEffect.Delete delete:
                    var first = _withdrawn.Add((Number(delete.Server), delete.Username));
                    if (plant == TransferPlant.WithdrawsOnce && !first) break;
                    if (random.Chance(WithdrawalsLost)) break;
                    Send(delete.Server, new Letter.Delete(_life, delete.Id, delete.Username, delete.Sequence));
                    break;
                case TransferEffect.Revoke revoke:
                    var isFirst = _told.Add((Number(revoke.Server), revoke.Revoked));
                    if (plant == TransferPlant.RevokesOnce && !isFirst) break;
                    if (random.Chance(WithdrawalsLost)) break;
                    Send(revoke.Server, new Letter.Revoke(_life, revoke.Id, revoke.Revoked, revoke.Expires));
                    break;
                case TransferEffect.Sync sync:
                    Send(sync.Server, new Letter.Sync(_life, sync.Id, sync.Sequence, sync.Set, sync.Epoch));
                    break;
                case TransferEffect.GetEpoch poll:
                    Send(poll.Server, new Letter.GetEpoch(_life, poll.Id));
                    break;
                case TransferEffect.Acknowledged acknowledged:
                    Judge(acknowledged);
                    break;
            }
        }
    }

    void Send(string server, Letter letter)
    {
        var host = servers[Number(server)];
        _asked[letter.Id] = (host.Number, letter);
        _leaving.Enqueue(Parcel.Datagram(address, host.Address, post.Send(letter)));
    }

    void Judge(TransferEffect.Acknowledged acknowledged)
    {
        if (!_pushes.Remove(acknowledged.Push, out var push)) return;
        var named = plant == TransferPlant.NamesAll ? [.. servers.Select(s => s.Name)] : acknowledged.Servers;
        if (named.Length == servers.Length) facts.ByAll++;
        else if (named.Length > 0) facts.BySome++;
        else facts.ByNone++;
        foreach (var name in named)
        {
            var host = servers[Number(name)];
            // What began anew since has forgotten it, and is told again; and at a clock that is ahead it may have run out.
            var its = host.Clock();
            if (host.Restarts != push.Restarts[host.Number] || push.Credential.Expires <= its.UnixSeconds) continue;
            if (host.Find(its, push.Credential.Username) is not { } known
                || TransferWorld.VersionOf(known) != TransferWorld.VersionOf(push.Credential))
                facts.Break(TransferLaws.AcknowledgedIsKnown, name, push.Credential.Username);
        }
    }

    static int Number(string server) => server[^1] - '0';
}
