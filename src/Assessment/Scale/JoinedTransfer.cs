using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Assessment.Scale;

/// <summary>
/// What an eP-CSCF says to one TURN server of its credentials, and what that server remembers: both machines of Approach 2, joined
/// without a network, in virtual time.
/// </summary>
sealed class JoinedTransfer
{
    public const string Realm = "ims.example.net", Server = "turn1", Edge = "epcscf1.ims.example.net";

    readonly CredentialTransfer _transfer = new(new() { Servers = [Server] });
    readonly List<string> _ended = [];
    IReadOnlyList<string> _acknowledged = [];

    /// <param name="now">The virtual time at the start.</param>
    public JoinedTransfer(Instant now)
    {
        Table = new(Realm, new SeededRandom(1));
        Pass(now);
        // The epoch is known now; what the set is, is said next.
        Drain(now);
    }

    /// <summary>Of the TURN server.</summary>
    public PushedCredentials Table { get; }

    /// <summary>Whether the TURN server remembers what it is told. False where only the edge is looked at: it then says yes to
    /// all.</summary>
    public bool KeepsTable { get; init; } = true;

    /// <summary>Statements that reached the TURN server, without the whole sets and the polls of each second.</summary>
    public long Statements { get; private set; }

    /// <summary>What the outside of an edge answers to a question of its provisioning.</summary>
    public EdgeAnswer Answer(Instant now, EdgeQuestion question)
    {
        IReadOnlyList<string> servers = question is EdgeQuestion.Push push ? push.Servers : [];
        var credential = ((EdgeQuestion.Tell)question).Credential;
        _acknowledged = [];
        var hasRoom = _transfer.TryPush(now, credential, servers, now + TimeSpan.FromSeconds(1), out _);
        Drain(now);
        return question is EdgeQuestion.Push ? new EdgeAnswer.Pushed(_acknowledged) : new EdgeAnswer.Kept(hasRoom);
    }

    /// <summary>The TURN server asks for a username, and puts the answer in its table.</summary>
    public TurnAnswer Ask(Instant now, string username)
    {
        if (_transfer.Fetch(now, Server, Realm, username) is not FetchAnswer.Told told) return new TurnAnswer.CredentialUnknown();
        Table.Put(now, Edge, Copy(told.Credential), Table.EpochOf(Edge), _ended);
        return new TurnAnswer.CredentialFound();
    }

    /// <summary>Does all that is due up to a time.</summary>
    public void Pass(Instant now)
    {
        while (_transfer.NextDeadline is { } due && due <= now)
        {
            _transfer.OnDeadline(now);
            Drain(now);
        }

        if (Table.NextDeadline is { } end && end <= now) Table.OnDeadline(now, _ended);
        _ended.Clear();
    }

    /// <summary>As it comes out of a message: the TURN server is another process, and shares nothing with the edge.</summary>
    public static PushedCredential Copy(PushedCredential told) => told with
    {
        Username = new(told.Username.AsSpan()), Registration = new(told.Registration.AsSpan()),
        KeyMd5 = LongTermKey.From(told.KeyMd5.Algorithm, told.KeyMd5.Span),
        KeySha256 = LongTermKey.From(told.KeySha256.Algorithm, told.KeySha256.Span),
        Realm = Realm,
    };

    void Drain(Instant now)
    {
        while (_transfer.TryTake(out var effect))
        {
            switch (effect)
            {
                case TransferEffect.GetEpoch poll:
                    _transfer.OnAnswer(now, poll.Id, new TransferAnswer.IsAt(Table.EpochOf(Edge)));
                    break;
                case TransferEffect.Sync sync:
                    var opened = Table.Sync(now, Edge, sync.Sequence, [.. sync.Set.Select(Copy)], sync.Epoch, _ended, []).Epoch;
                    _transfer.OnAnswer(now, sync.Id, new TransferAnswer.Synchronised(opened, []));
                    break;
                case TransferEffect.Put put:
                    Statements++;
                    _transfer.OnAnswer(now, put.Id, KeepsTable
                        ? AnswerOf(Table.Put(now, Edge, Copy(put.Credential), put.Epoch, _ended))
                        : new TransferAnswer.Done());
                    break;
                case TransferEffect.Delete delete:
                    Statements++;
                    Table.Delete(now, Edge, delete.Username, delete.Sequence, _ended);
                    _transfer.OnAnswer(now, delete.Id, new TransferAnswer.Done());
                    break;
                case TransferEffect.Acknowledged acknowledged:
                    _acknowledged = acknowledged.Servers;
                    break;
            }
        }
    }

    static TransferAnswer AnswerOf(PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Created or PushResult.Kept => new TransferAnswer.Done(),
        PushResult.Older => new TransferAnswer.Older(verdict.Sequence),
        PushResult.WrongEpoch => new TransferAnswer.WrongEpoch(),
        PushResult.Full => new TransferAnswer.Full(),
        _ => new TransferAnswer.Refused(),
    };
}
