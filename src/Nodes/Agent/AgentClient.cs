using System.Net.Sockets;
using System.Security.Authentication;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;

namespace Portunus.Nodes.Agent;

/// <summary>
/// Speaks to the control agent of a media gateway node for a <see cref="CredentialTransfer"/>: what is told to a TURN server over an
/// interface of its own is here a field of a connection that is there anyway.
/// </summary>
/// <remarks>One connection, made anew when it ended; the polls of the machine see to that.</remarks>
/// <param name="server">Where it is.</param>
/// <param name="identity">Stays with the caller.</param>
/// <param name="deadline">In which an answer is expected. One that is late is waited for some times longer before the connection is given
/// up: what was lost once comes sooner than a new connection could be made, what was lost twice comes later.</param>
/// <param name="log">Where its events go.</param>
sealed class AgentClient(TransferTarget server, TlsIdentity identity, TimeSpan deadline, ILogger log) : ITransferClient
{
    /// <summary>To connect: three round trips, in which a segment may be lost, whatever the patience of whoever asks first.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Deadlines for which a ping may go unanswered: 2 s, after one loss (1 s, RFC 6298 §2.4) and before two (3 s).</summary>
    const int LatePings = 4;

    readonly Lock _gate = new();
    readonly CancellationTokenSource _ending = new();
    Task<AgentConnection>? _connecting;
    AgentConnection? _connection;

    public string Realm => server.Realm;

    public Task<TransferAnswer> PutAsync(TransferEffect.Put put, CancellationToken stop) => AskAsync(
        new()
        {
            Command = "offer", CallId = put.Credential.Username, Realm = put.Credential.Realm, Epoch = put.Epoch,
            Credential = TransferJson.WriteUnnamed(put.Credential),
        }, _ => new TransferAnswer.Done(), stop);

    public Task<TransferAnswer> DeleteAsync(TransferEffect.Delete delete, CancellationToken stop) => AskAsync(
        new() { Command = "delete", CallId = delete.Username, Realm = delete.Realm, Sequence = delete.Sequence },
        _ => new TransferAnswer.Done(), stop);

    /// <summary>A gateway knows what the edge told it and nothing else: there is nothing to revoke.</summary>
    public Task<TransferAnswer> RevokeAsync(TransferEffect.Revoke revoke, CancellationToken stop) =>
        Task.FromResult<TransferAnswer>(new TransferAnswer.Refused());

    public Task<TransferAnswer> SyncAsync(TransferEffect.Sync sync, CancellationToken stop) => AskAsync(
        new()
        {
            Command = "ping", Realm = server.Realm, Epoch = sync.Epoch, Sequence = sync.Sequence,
            Credentials = [.. sync.Set.Select(TransferJson.Write)],
        }, answer => answer.Epoch is { } opened
            ? new TransferAnswer.Synchronised(opened, answer.Refused ?? [])
            : new TransferAnswer.Unreachable(), stop);

    public async Task<TransferAnswer> GetEpochAsync(CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(deadline * LatePings);
        return await AskAsync(
            new() { Command = "ping", Realm = server.Realm },
            answer => answer.Epoch is { } epoch ? new TransferAnswer.IsAt(epoch) : new TransferAnswer.Unreachable(), patience.Token,
            isPoll: true);
    }

    public void Dispose()
    {
        _ending.Cancel();
        Interlocked.Exchange(ref _connection, null)?.Dispose();
    }

    async Task<TransferAnswer> AskAsync(
        AgentMessage.Request request, Func<AgentMessage.Answer, TransferAnswer> read, CancellationToken stop,
        bool isPoll = false)
    {
        AgentConnection? asked = null;
        try
        {
            asked = await ConnectedAsync(stop);
            var answer = await asked.AskAsync(request, stop);
            if (answer.Result is "ok" or "pong") return read(answer);
            TransferLog.RequestFailed(log, server.Name, $"{request.Command} was answered with an error");
            return answer switch
            {
                { Reason: AgentMessage.Reason.Older, Sequence: { } told and <= TransferJson.LargestNumber } =>
                    new TransferAnswer.Older(told),
                { Reason: AgentMessage.Reason.WrongEpoch } => new TransferAnswer.WrongEpoch(),
                { Reason: AgentMessage.Reason.Full } => new TransferAnswer.Full(),
                _ => new TransferAnswer.Refused(),
            };
        }
        catch (Exception e) when (e is IOException or SocketException or AuthenticationException
            or OperationCanceledException or ObjectDisposedException)
        {
            TransferLog.RequestFailed(log, server.Name, e is OperationCanceledException ? "no answer in time" : e.Message);
            // An agent that leaves a ping unanswered is gone, though the system may not know it yet.
            if (isPoll) asked?.Dispose();
            return new TransferAnswer.Unreachable();
        }
    }

    /// <summary>The connection that there is, or the one that is being made: who asks while it is waits for it, and who stops to wait does
    /// not end it.</summary>
    Task<AgentConnection> ConnectedAsync(CancellationToken stop)
    {
        lock (_gate)
        {
            if (_connection is { IsOpen: true } open) return Task.FromResult(open);
            if (_connecting is not { IsCompleted: false }) _connecting = ConnectAsync();
            return _connecting.WaitAsync(stop);
        }
    }

    async Task<AgentConnection> ConnectAsync()
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
        patience.CancelAfter(Patience);
        var connection = await AgentConnection.OpenAsync(server.Address, identity, patience.Token);
        lock (_gate) _connection = connection;
        if (_ending.IsCancellationRequested) connection.Dispose();
        return connection;
    }
}
