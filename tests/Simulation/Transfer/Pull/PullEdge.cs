using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>An edge that keeps credentials for TURN servers that ask, in one process after another.</summary>
sealed class PullEdge(
    string name, TransportAddress address, IReadOnlyList<TransportAddress> servers, Post post, SeededRandom random, PullFacts facts)
    : INode
{
    readonly Queue<Parcel> _leaving = new();
    readonly Dictionary<AskId, (int Server, Letter Letter)> _asked = [];
    readonly HashSet<string> _usernames = [];
    HashSet<string> _ofEarlierLives = [];
    CredentialTransfer _transfer = New(servers);
    int _life;

    public string Name => name;

    public TransportAddress Address => address;

    /// <summary>Share of withdrawals that are lost on the way.</summary>
    public double WithdrawalsLost { get; set; }

    public IEnumerable<string> Live(Instant now) =>
        _transfer.Credentials.Where(one => one.Expires > now.UnixSeconds + 5).Select(one => one.Username);

    public Instant? NextDeadline => _transfer.NextDeadline;

    /// <summary>A registration is given a credential, or more time for it.</summary>
    public void Keep(Instant now, string username, long ttl)
    {
        // The registrations of a process end with it.
        if (_ofEarlierLives.Contains(username)) return;
        _usernames.Add(username);
        facts.Kept++;
        _transfer.TryPush(now, TransferWorld.Credential(username, 1, now.UnixSeconds + ttl), [], now, out _);
        Drain();
    }

    public void Withdraw(Instant now, string username)
    {
        facts.Withdrawals++;
        _transfer.Withdraw(now, TransferWorld.Realm, username, 0);
        Drain();
    }

    /// <summary>The process ends and is started again: nobody is registered.</summary>
    public void Restart()
    {
        _life++;
        _transfer = New(servers);
        _asked.Clear();
        _ofEarlierLives = [.. _usernames];
        facts.Restarts++;
    }

    public void OnMessage(Instant now, in Parcel parcel)
    {
        switch (post.Open(parcel.Bytes))
        {
            case Letter.Find find:
                var asking = $"turn{NumberOf(parcel.From)}";
                var told = _transfer.Fetch(now, asking, TransferWorld.Realm, find.Username);
                Send(parcel.From, new Letter.Told(find.Life, find.Id, told));
                break;
            case Letter.Answer answer when answer.Life == _life:
                Note(answer);
                _transfer.OnAnswer(now, answer.Id, answer.What);
                break;
        }

        Drain();
    }

    public void OnDeadline(Instant now)
    {
        _transfer.OnDeadline(now);
        Drain();
    }

    public bool TryTake(out Parcel parcel) => _leaving.TryDequeue(out parcel);

    static CredentialTransfer New(IReadOnlyList<TransportAddress> servers) => new(new()
    {
        Servers = [.. servers.Select((_, number) => $"turn{number}")],
        SyncDeadline = TimeSpan.FromSeconds(3),
    });

    /// <summary>What an answer means for what must never be good again.</summary>
    void Note(Letter.Answer answer)
    {
        if (!_asked.TryGetValue(answer.Id, out var asked)) return;
        if (asked.Letter is Letter.Delete delete) facts.Gone.Add((asked.Server, delete.Username));
        if (answer.What is not TransferAnswer.Synchronised) return;
        foreach (var username in _ofEarlierLives) facts.Gone.Add((asked.Server, username));
    }

    void Drain()
    {
        while (_transfer.TryTake(out var effect))
        {
            switch (effect)
            {
                case TransferEffect.Put put:
                    Ask(put.Server, new Letter.Put(_life, put.Id, put.Credential, put.Epoch));
                    break;
                case TransferEffect.Delete when random.Chance(WithdrawalsLost):
                    break;
                case TransferEffect.Delete delete:
                    Ask(delete.Server, new Letter.Delete(_life, delete.Id, delete.Username, delete.Sequence));
                    break;
                case TransferEffect.Sync sync:
                    Ask(sync.Server, new Letter.Sync(_life, sync.Id, sync.Sequence, sync.Set, sync.Epoch));
                    break;
                case TransferEffect.GetEpoch poll:
                    Ask(poll.Server, new Letter.GetEpoch(_life, poll.Id));
                    break;
            }
        }
    }

    void Ask(string server, Letter letter)
    {
        var number = server[^1] - '0';
        _asked[letter.Id] = (number, letter);
        Send(servers[number], letter);
    }

    void Send(TransportAddress to, Letter letter) => _leaving.Enqueue(Parcel.Datagram(address, to, post.Send(letter)));

    int NumberOf(TransportAddress server)
    {
        for (var i = 0; i < servers.Count; i++)
            if (servers[i] == server) return i;
        throw new InvalidOperationException($"{server} is no TURN server.");
    }
}
