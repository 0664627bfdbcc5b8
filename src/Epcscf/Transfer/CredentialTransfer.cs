using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Approach 2 at the edge: makes random credentials known to a set of TURN servers before a WIC hears of them, and withdraws
/// them (TR 33.872, the transfer over a new interface between eP-CSCF and TURN server). One for all shards of an edge.
/// </summary>
/// <remarks>
/// All statements are numbered in one row. Of two statements about a username the later one holds at a server, in whatever order
/// they arrive; so everything may be sent again, and is, until the server has answered. A server that began anew is told its whole
/// set; so is every server at the start of the edge, whose set is empty then. A set opens an epoch, in which all after it is said:
/// what a life before this one still has under way names another, and is refused.
/// <para>After each call take the effects until there are none; call <see cref="OnDeadline"/> at
/// <see cref="NextDeadline"/>.</para>
/// </remarks>
public sealed partial class CredentialTransfer
{
    readonly TransferSettings _settings;
    readonly ImmutableArray<TransferServer> _servers;
    readonly Dictionary<CredentialName, Statement> _statements = [];
    readonly Deadlines<Statement> _ends = new(ReferenceEqualityComparer.Instance);
    readonly Deadlines<TransferServer> _polls = new(ReferenceEqualityComparer.Instance);
    readonly Dictionary<CredentialName, ulong> _withdrawn = [];
    readonly Deadlines<CredentialName> _withdrawnEnds = new();
    readonly Pending<Statement> _pushes;
    readonly Pending<TransferRequest> _requests;
    readonly Dictionary<AskId, TransferRequest> _late = [];
    readonly Deadlines<AskId> _lateEnds = new();
    readonly Queue<TransferEffect> _effects = new();
    ulong _last;

    /// <exception cref="ArgumentException">The settings have a mistake.</exception>
    public CredentialTransfer(TransferSettings settings)
    {
        if (settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new ArgumentException(string.Join(' ', mistakes));
        _settings = settings;
        _servers = [.. settings.Servers.Select((name, number) => new TransferServer(number, name))];
        _pushes = new(settings.Asks);
        // A poll and a set beside the statements of each server.
        _requests = new(_servers.Length * (settings.Parallel + 2));
        // Due at once: nothing can be said to a server before it told its epoch.
        foreach (var server in _servers) _polls.Set(server, default);
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called.</summary>
    public Instant? NextDeadline =>
        Instant.Earliest(_polls.Next, _requests.NextDeadline, _lateEnds.Next, _pushes.NextDeadline, _ends.Next);

    /// <summary>What the servers should know at this moment.</summary>
    public IEnumerable<PushedCredential> Credentials => _statements.Values.Select(s => s.Credential).OfType<PushedCredential>();

    /// <summary>Withdrawals that some server has not heard yet.</summary>
    public int Withdrawing => _statements.Values.Count(s => s is { Credential: null, Name.IsRevocation: false });

    /// <summary>The credential of a username; null when there is none.</summary>
    public PushedCredential? Find(string realm, string username) =>
        _statements.GetValueOrDefault(new(realm, username))?.Credential;

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
        while (_requests.TryExpire(now, out var id, out var request)) Expire(now, id, request);
        while (_lateEnds.TryPop(now, out var late)) GiveUp(now, late);
        while (_pushes.TryExpire(now, out var push, out var statement)) Acknowledge(push, statement);
        while (_ends.TryPop(now, out var statement))
        {
            // The wall decides, and it may have been set back since the deadline was.
            if (statement.Ends > now.UnixSeconds) _ends.Set(statement, now.AtUnixSeconds(statement.Ends));
            else Forget(statement);
        }

        while (_withdrawnEnds.TryPop(now, out var name)) _withdrawn.Remove(name);
        while (_polls.TryPop(now, out var server)) Poll(now, server);
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out TransferEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>The next number of the row. It begins at one in each process: only numbers of one epoch are compared.</summary>
    ulong Next() => ++_last;

    /// <summary>A server holds a number against this edge that this process never drew, as of withdrawals before it: the row goes on
    /// above.</summary>
    void Heed(ulong told) => _last = Math.Max(_last, told);

    void Forget(Statement statement)
    {
        _statements.Remove(statement.Name);
        _ends.Cancel(statement);
        statement.IsForgotten = true;
        if (statement.Push is { } push && _pushes.TryClose(push, out _)) Acknowledge(push, statement);
    }

    void Report(TransferEvent what, TransferServer server) => _effects.Enqueue(new TransferEffect.Audit(what, server.Name));
}
