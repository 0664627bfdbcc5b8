using System.Collections.Frozen;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Core;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Redis;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// The edge's side of the interface for credentials (Approach 2), and that of a WAF which tells of tokens that it revoked: one
/// <see cref="CredentialTransfer"/> with its thread, and a client for each TURN server. One for all shards of an edge; what it is
/// given is bounded by the questions that they may have open.
/// </summary>
public sealed class TransferNode : ICredentialPush, IRevocationFeed, IDisposable
{
    // Whoever pushes says sooner when it stops to wait.
    static readonly TimeSpan LongestPatience = TimeSpan.FromSeconds(30);

    readonly CredentialTransfer _transfer;
    readonly FrozenDictionary<string, ITransferClient> _clients;
    readonly Dictionary<AskId, TransferInput.Push> _waiting = [];
    readonly MachineThread<TransferInput> _thread;
    readonly TlsIdentity? _identity;
    readonly ILogger _log;
    readonly CancellationTokenSource _stopping = new();

    TransferNode(TransferNodeSettings settings, TlsIdentity? identity, ILogger log)
    {
        (_transfer, _identity, _log) = (new(settings.Machine), identity, log);
        _clients = settings.Servers.ToFrozenDictionary(
            server => server.Name, server => ClientOf(server, identity, settings.Rules.RequestDeadline, log));
        _thread = new("credential transfer", OnInput, OnDeadline, () => _transfer.NextDeadline);
    }

    /// <summary>Starts to ask the servers for their epochs. One that cannot be reached is no mistake, and comes in
    /// later.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="log">Where its events go.</param>
    /// <exception cref="RefusedException">A setting makes no sense, or a file cannot be read.</exception>
    public static TransferNode Start(TransferNodeSettings settings, ILogger log)
    {
        if (settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new RefusedException(string.Join(' ', mistakes));
        var node = new TransferNode(settings, settings.Tls is { } files ? TlsIdentity.Load(files) : null, log);
        node._thread.Start();
        return node;
    }

    /// <summary>Makes a credential known. Called by any thread.</summary>
    public async Task<IReadOnlyList<string>> PushAsync(
        PushedCredential credential, IReadOnlyList<string> servers, CancellationToken patience) =>
        await TellAsync(credential, servers, patience) ?? [];

    /// <summary>Keeps a credential for servers that ask. Called by any thread.</summary>
    public async Task<bool> KeepAsync(PushedCredential credential, CancellationToken patience) =>
        await TellAsync(credential, [], patience) is not null;

    /// <summary>The realm of a server of the settings; null for another name.</summary>
    public string? RealmOf(string server) => _clients.GetValueOrDefault(server)?.Realm;

    /// <summary>A server asks for a credential. Called by any thread.</summary>
    /// <param name="server">Its name in the settings.</param>
    /// <param name="realm">Of the credential.</param>
    /// <param name="username">Of the credential.</param>
    public Task<FetchAnswer> FetchAsync(string server, string realm, string username)
    {
        var fetch = new TransferInput.Fetch(server, realm, username);
        return _thread.TryPost(fetch) ? fetch.Fetched : Task.FromResult<FetchAnswer>(new FetchAnswer.Later());
    }

    /// <summary>Withdraws a credential at every server that was told of it. Called by any thread, does not wait.</summary>
    public void Withdraw(EdgeEffect.Withdraw withdrawal) =>
        _thread.TryPost(new TransferInput.Withdraw(withdrawal.Realm, withdrawal.Username, withdrawal.Sequence));

    /// <summary>Tells of a registration's end at every server that its credentials may be used at. Called by any thread, does not
    /// wait.</summary>
    public void Revoke(EdgeEffect.Revoke revocation) =>
        TryRevoke(revocation.Realm, revocation.Id, revocation.Expires, revocation.Servers);

    /// <summary>Tells some servers that nothing counts any more that was made for an id. Called by any thread, does not
    /// wait.</summary>
    /// <param name="realm">Of the servers.</param>
    /// <param name="id">The opaque id of a registration, or a token's id in hex.</param>
    /// <param name="expires">Unix seconds, after which nothing that was made for it is good.</param>
    /// <param name="servers">Names of the settings.</param>
    /// <returns>False when it stops, or has more to do than it may: nobody will hear of it.</returns>
    public bool TryRevoke(string realm, string id, long expires, IReadOnlyCollection<string> servers) =>
        _thread.TryPost(new TransferInput.Revoke(realm, id, expires, servers));

    /// <summary>Stops at once. What was not said stays unsaid: servers end it when the edge begins anew, or by its
    /// expiry.</summary>
    public void Dispose()
    {
        _stopping.Cancel();
        _thread.Stop(Abandon);
        foreach (var client in _clients.Values) client.Dispose();
        foreach (var push in _waiting.Values) push.Complete([]);
        _identity?.Dispose();
        _stopping.Dispose();
    }

    /// <summary>Over the interface of its own, over the control connection of a media gateway node, or by a data base in
    /// between.</summary>
    static ITransferClient ClientOf(TransferTarget server, TlsIdentity? identity, TimeSpan deadline, ILogger log) => server switch
    {
        { Redis: not null } => new RedisClient(server, identity, log),
        { IsAgent: true } => new AgentClient(server, identity!, deadline, log),
        _ => new TransferClient(server, identity!, deadline, log),
    };

    static void Abandon(TransferInput input)
    {
        if (input is TransferInput.Push push) push.Complete(null);
        if (input is TransferInput.Fetch fetch) fetch.Complete(new FetchAnswer.Later());
    }

    async Task<IReadOnlyList<string>?> TellAsync(
        PushedCredential credential, IReadOnlyList<string> servers, CancellationToken patience)
    {
        var push = new TransferInput.Push(credential, servers);
        if (!_thread.TryPost(push)) return null;
        await using var end = patience.Register(() => _thread.TryPost(new TransferInput.Conclude(push)));
        return await push.Acknowledged;
    }

    void OnInput(Instant now, TransferInput input) => Run(() =>
    {
        switch (input)
        {
            case TransferInput.Push push:
                Begin(now, push);
                break;
            case TransferInput.Conclude { Begun.Id: { } begun }:
                _transfer.Conclude(begun);
                break;
            case TransferInput.Fetch fetch:
                fetch.Complete(_transfer.Fetch(now, fetch.Server, fetch.Realm, fetch.Username));
                break;
            case TransferInput.Withdraw withdraw:
                _transfer.Withdraw(now, withdraw.Realm, withdraw.Username, withdraw.Sequence);
                break;
            case TransferInput.Revoke said:
                if (!_transfer.TryRevoke(now, said.Realm, said.Id, said.Expires, said.Servers)) TransferLog.NoRoom(_log);
                break;
            case TransferInput.Answer answer:
                _transfer.OnAnswer(now, answer.Id, answer.What);
                break;
        }
    });

    void Begin(Instant now, TransferInput.Push push)
    {
        if (_transfer.TryPush(now, push.Credential, push.Servers, now + LongestPatience, out var id))
        {
            push.Id = id;
            _waiting.Add(id, push);
        }
        else
        {
            push.Complete(null);
        }
    }

    void OnDeadline(Instant now) => Run(() => _transfer.OnDeadline(now));

    /// <summary>One step of the machine and all it decided. A defect costs its input.</summary>
    void Run(Action step)
    {
        try
        {
            step();
            while (_transfer.TryTake(out var effect)) Perform(effect);
        }
        catch (Exception e)
        {
            SignallingLog.MachineFailed(_log, "The credential transfer", e);
        }
    }

    void Perform(TransferEffect effect)
    {
        switch (effect)
        {
            case TransferEffect.Put put:
                Ask(put.Id, put.Server, put.Deadline, (client, stop) => client.PutAsync(put, stop));
                break;
            case TransferEffect.Delete delete:
                Ask(delete.Id, delete.Server, delete.Deadline, (client, stop) => client.DeleteAsync(delete, stop));
                break;
            case TransferEffect.Revoke revoke:
                Ask(revoke.Id, revoke.Server, revoke.Deadline, (client, stop) => client.RevokeAsync(revoke, stop));
                break;
            case TransferEffect.Sync sync:
                Ask(sync.Id, sync.Server, sync.Deadline, (client, stop) => client.SyncAsync(sync, stop));
                break;
            case TransferEffect.GetEpoch poll:
                Ask(poll.Id, poll.Server, poll.Deadline, (client, stop) => client.GetEpochAsync(stop));
                break;
            case TransferEffect.Acknowledged acknowledged:
                if (_waiting.Remove(acknowledged.Push, out var answered)) answered.Complete(acknowledged.Servers);
                break;
            case TransferEffect.Audit audit:
                TransferLog.TransferReports(_log, audit.Event, audit.Server);
                break;
        }
    }

    /// <summary>Sends a request and posts its answer; the machine bounds how many there are.</summary>
    void Ask(AskId id, string server, Instant deadline, Func<ITransferClient, CancellationToken, Task<TransferAnswer>> request)
    {
        var patience = deadline - SystemClock.Now;
        var client = _clients[server];
        var stop = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        stop.CancelAfter(patience > TimeSpan.Zero ? patience : TimeSpan.Zero);
        // Writing a set takes its time, and this thread has other servers to serve.
        Task.Run(async () =>
        {
            using (stop) _thread.TryPost(new TransferInput.Answer(id, await request(client, stop.Token)));
        });
    }
}
