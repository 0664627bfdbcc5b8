using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using StackExchange.Redis;

namespace Portunus.Nodes.Redis;

/// <summary>
/// Speaks for a <see cref="CredentialTransfer"/> to the Redis that a coturn reads its users from: a credential is a key that ends by
/// itself, a withdrawal deletes it. What Redis cannot carry stands in docs/approach2.md.
/// </summary>
sealed class RedisClient(TransferTarget server, TlsIdentity? identity, ILogger log) : ITransferClient
{
    /// <summary>Credentials of a set in one step: coturn's questions wait for it, some milliseconds.</summary>
    const int Batch = 500;

    readonly RedisConnection _connection = new(server, identity);
    readonly RedisKeys _keys = new(server.Realm, server.Redis!.Edge);
    readonly string _edge = server.Redis!.Edge;
    volatile bool _wasRefused;

    public string Realm => server.Realm;

    public Task<TransferAnswer> PutAsync(TransferEffect.Put put, CancellationToken stop) => AskAsync(async () =>
        AnswerOf((await PutAsync("hears", [put.Credential], put.Epoch, stop))[0]));

    public Task<TransferAnswer> DeleteAsync(TransferEffect.Delete delete, CancellationToken stop) => AskAsync(async () =>
        AnswerOf((await _connection.RunAsync(
            RedisScripts.Delete, KeysOf([delete.Username]), [_edge, Text(delete.Sequence), delete.Username], stop))[0]));

    /// <summary>coturn knows a user or does not: nobody can be denied there.</summary>
    public Task<TransferAnswer> RevokeAsync(TransferEffect.Revoke revoke, CancellationToken stop) =>
        Task.FromResult<TransferAnswer>(new TransferAnswer.Refused());

    /// <summary>In pieces, under an epoch in which nothing else is heard before the last of them.</summary>
    public Task<TransferAnswer> SyncAsync(TransferEffect.Sync sync, CancellationToken stop) => AskAsync(async () =>
    {
        var opened = DrawEpoch();
        var begun = await _connection.RunAsync(RedisScripts.Begin, [_keys.State, _keys.Names], [Text(sync.Epoch), Text(opened)], stop);
        if (IsOfAnotherEpoch(begun)) return new TransferAnswer.WrongEpoch();
        List<string> except = [];
        foreach (var some in sync.Set.Chunk(Batch))
        {
            var answers = await PutAsync("epoch", some, opened, stop);
            if (IsOfAnotherEpoch(answers)) return new TransferAnswer.WrongEpoch();
            except.AddRange(some.Where((_, i) => answers[i] != "done").Select(one => one.Username));
        }

        var kept = sync.Set.Select(one => one.Username).Except(except).ToHashSet(StringComparer.Ordinal);
        var others = begun.Skip(1).Select(name => (string)name!).Where(name => !kept.Contains(name));
        // If another set has begun meanwhile, these do nothing, and the last step says so.
        foreach (var some in others.Chunk(Batch))
        {
            RedisValue[] values = [_edge, Text(opened), .. some.Select(name => (RedisValue)name)];
            await _connection.RunAsync(RedisScripts.Remove, KeysOf(some), values, stop);
        }

        var ended = await _connection.RunAsync(RedisScripts.End, [_keys.State, _keys.Names], [Text(opened)], stop);
        return IsOfAnotherEpoch(ended) ? new TransferAnswer.WrongEpoch() : new TransferAnswer.Synchronised(opened, except);
    });

    public Task<TransferAnswer> GetEpochAsync(CancellationToken stop) => AskAsync(async () =>
        new TransferAnswer.IsAt(Number(
            (await _connection.RunAsync(RedisScripts.Epoch, [_keys.State, _keys.Names], [Text(DrawEpoch())], stop))[0])));

    public void Dispose() => _connection.Dispose();

    /// <param name="where">The field of the state where the epoch must stand.</param>
    /// <param name="credentials">At most <see cref="Batch"/>.</param>
    /// <param name="epoch">For which they are meant.</param>
    /// <param name="stop">Nobody waits any more.</param>
    Task<RedisValue[]> PutAsync(
        string where, IReadOnlyCollection<PushedCredential> credentials, ulong epoch, CancellationToken stop) => _connection.RunAsync(
        RedisScripts.Put,
        KeysOf(credentials.Select(one => one.Username)),
        [
            _edge, Text(epoch), where,
            .. credentials.SelectMany(one => new RedisValue[]
            {
                one.Username, Convert.ToHexStringLower(one.KeyMd5.Span), one.Expires, Text(one.Sequence),
            }),
        ], stop);

    RedisKey[] KeysOf(IEnumerable<string> usernames) =>
        [_keys.State, _keys.Names, .. usernames.SelectMany(name => new[] { _keys.KeyOf(name), _keys.SaidOf(name) })];

    static bool IsOfAnotherEpoch(RedisValue[] answer) => answer.Length > 0 && answer[0] == "epoch";

    static TransferAnswer AnswerOf(RedisValue one) => (string?)one switch
    {
        "done" => new TransferAnswer.Done(),
        "refused" => new TransferAnswer.Refused(),
        "epoch" => new TransferAnswer.WrongEpoch(),
        _ => Number(one) is var told and <= TransferJson.LargestNumber ? new TransferAnswer.Older(told) : new TransferAnswer.Refused(),
    };

    /// <summary>Above zero, which stands for none, and as large as those of other servers may be.</summary>
    static ulong DrawEpoch() =>
        BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong))) % TransferJson.LargestNumber + 1;

    static ulong Number(RedisValue value) => ulong.Parse((string)value!, NumberStyles.None, CultureInfo.InvariantCulture);

    static string Text(ulong number) => number.ToString(CultureInfo.InvariantCulture);

    async Task<TransferAnswer> AskAsync(Func<Task<TransferAnswer>> ask)
    {
        try
        {
            return await ask();
        }
        catch (RedisServerException e)
        {
            // The first word says what it is; the rest may repeat what was sent.
            var isFull = e.Message.Contains("OOM ", StringComparison.Ordinal);
            var word = e.Message.Split(' ')[0];
            TransferLog.RequestFailed(log, server.Name, $"Redis answered {(isFull ? "OOM" : word)}");
            return isFull ? new TransferAnswer.Full()
                : word is "NOPERM" or "NOAUTH" or "WRONGPASS" ? new TransferAnswer.Refused()
                : new TransferAnswer.Unreachable();
        }
        catch (RedisConnectionException e)
        {
            // The command says that there is no connection, what is in it says why.
            var why = e.InnerException is RedisConnectionException { FailureType: var inner } ? inner : e.FailureType;
            var isRefused = why == ConnectionFailureType.AuthenticationFailure;
            if (isRefused && !_wasRefused) TransferLog.NotLetIn(log, server.Name);
            _wasRefused = isRefused;
            return Unreachable($"{why}");
        }
        catch (Exception e) when (e is OperationCanceledException or TimeoutException)
        {
            return Unreachable("no answer in time");
        }
        catch (Exception e) when (e is RedisException or RedisCommandException or ObjectDisposedException or FormatException
            or IndexOutOfRangeException or InvalidOperationException)
        {
            return Unreachable(e.GetType().Name);
        }
    }

    TransferAnswer.Unreachable Unreachable(string reason)
    {
        TransferLog.RequestFailed(log, server.Name, reason);
        return new();
    }
}
