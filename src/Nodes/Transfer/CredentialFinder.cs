using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// The TURN server's side of pull (Approach 2): asks the edges for a username, and puts what one tells into the table of pushed
/// credentials, as that edge's. So it ends by the edge's withdrawal, like one that was pushed.
/// </summary>
public sealed class CredentialFinder : ICredentialFinder, IDisposable
{
    /// <summary>Before an edge is asked again whose whole set is on its way.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Before an edge is asked over the other connection: a client waits for its relay.</summary>
    static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(250);

    readonly PushedCredentials _table;
    readonly Func<IReadOnlyCollection<string>, Task> _end;
    readonly TlsIdentity _identity;
    readonly (string Edge, HttpPair Http)[] _edges;
    readonly ILogger _log;

    CredentialFinder(
        CredentialFinderSettings settings, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end,
        TlsIdentity identity, ILogger log)
    {
        (_table, _end, _identity, _log) = (table, end, identity, log);
        _edges = [.. settings.Edges.Select(edge => (
            edge.Name.ToLowerInvariant(), new HttpPair(edge.Address, identity, CredentialRequests.LargestStatement, Soon)))];
    }

    /// <summary>Makes the clients; connects when it is asked.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="table">The verifier's.</param>
    /// <param name="end">Ends what runs on registrations that have no credential any more.</param>
    /// <param name="log">Where its events go.</param>
    /// <exception cref="RefusedException">A setting makes no sense, or a file cannot be read.</exception>
    public static CredentialFinder Start(
        CredentialFinderSettings settings, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end, ILogger log) =>
        settings.Mistakes().ToArray() is { Length: > 0 } mistakes
            ? throw new RefusedException(string.Join(' ', mistakes))
            : new(settings, table, end, TlsIdentity.Load(settings.Tls), log);

    public async Task<TurnAnswer> FindAsync(string username, CancellationToken patience)
    {
        // Who has told it ends the wait for the others.
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(patience);
        var isUnknown = true;
        await foreach (var asked in Task.WhenEach(_edges.Select(edge => AskAsync(edge.Edge, edge.Http, username, enough.Token))))
        {
            var answer = await asked;
            isUnknown &= answer is TurnAnswer.CredentialUnknown;
            if (answer is not TurnAnswer.CredentialFound) continue;
            await enough.CancelAsync();
            return answer;
        }

        return isUnknown ? new TurnAnswer.CredentialUnknown() : new TurnAnswer.CredentialUnavailable();
    }

    public void Dispose()
    {
        foreach (var (_, http) in _edges) http.Dispose();
        _identity.Dispose();
    }

    async Task<TurnAnswer> AskAsync(string edge, HttpPair http, string username, CancellationToken patience)
    {
        try
        {
            while (true)
            {
                if (await http.AskAsync((one, over) => AskOnceAsync(edge, one, username, over), patience) is { } answer)
                    return answer;
                await Task.Delay(Pause, patience);
            }
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException
            or ObjectDisposedException or InvalidOperationException)
        {
            TransferLog.RequestFailed(_log, edge, e is OperationCanceledException ? "no answer in time" : e.Message);
            return new TurnAnswer.CredentialUnavailable();
        }
    }

    /// <summary>Null when the edge is to be asked again: its whole set is on its way to here, or has come in between.</summary>
    async Task<TurnAnswer?> AskOnceAsync(string edge, HttpClient http, string username, CancellationToken patience)
    {
        // What an edge tells is of the life in which it was asked.
        var epoch = _table.EpochOf(edge);
        var path = $"v1/realms/{Uri.EscapeDataString(_table.Realm)}/credentials/{Uri.EscapeDataString(username)}";
        using var answer = await http.GetAsync(path, patience);
        if (answer.StatusCode == HttpStatusCode.NotFound) return new TurnAnswer.CredentialUnknown();
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable) return null;
        if (answer.StatusCode == HttpStatusCode.OK)
        {
            var stated = await answer.Content.ReadFromJsonAsync<TransferJson.Credential>(TransferJson.Options, patience);
            if (stated is not null && StatedCredential.TryRead(_table.Realm, username, stated, out var credential, out _))
            {
                var isOfThisEpoch = await PutAsync(edge, credential, epoch);
                if (IsKnown(username)) return new TurnAnswer.CredentialFound();
                if (!isOfThisEpoch) return null;
            }
        }

        TransferLog.RequestFailed(_log, edge, $"GET was answered {(int)answer.StatusCode}, with nothing that can be taken");
        return new TurnAnswer.CredentialUnavailable();
    }

    /// <summary>Puts it into the table, unless its withdrawal came before it, it has run out by this server's clock, or the edge has as
    /// many as it may have; false when the edge has begun another epoch since it was asked.</summary>
    async Task<bool> PutAsync(string edge, PushedCredential credential, ulong epoch)
    {
        List<string> ended = [];
        var verdict = _table.Put(SystemClock.Now, edge, credential, epoch, ended);
        if (ended.Count > 0) await _end(ended);
        return verdict.Result != PushResult.WrongEpoch;
    }

    bool IsKnown(string username) => _table.TryFind(SystemClock.Now, Encoding.ASCII.GetBytes(username), out PushedCredential? _);
}
