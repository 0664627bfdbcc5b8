using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using StackExchange.Redis;

namespace Portunus.Nodes.Redis;

/// <summary>One connection to one Redis, made when it is first asked for and made anew when it ended.</summary>
sealed class RedisConnection(TransferTarget server, TlsIdentity? identity) : IDisposable
{
    readonly Lock _gate = new();
    Task<ConnectionMultiplexer>? _connecting;
    bool _isDisposed;

    /// <summary>Runs a script as one step.</summary>
    /// <exception cref="RedisException">And what else the library throws: Redis cannot be reached, or refused.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task<RedisValue[]> RunAsync(string script, RedisKey[] keys, RedisValue[] values, CancellationToken stop)
    {
        var connection = await Connected().WaitAsync(stop);
        var database = connection.GetDatabase(server.Redis!.Database);
        return (RedisValue[])(await database.ScriptEvaluateAsync(script, keys, values).WaitAsync(stop))!;
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _isDisposed = true;
            // One that is being made ends when it is.
            _connecting?.ContinueWith(
                static made => made.Result.Dispose(), CancellationToken.None, TaskContinuationOptions.OnlyOnRanToCompletion,
                TaskScheduler.Default);
        }
    }

    Task<ConnectionMultiplexer> Connected()
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isDisposed, this);
            return _connecting is null or { IsFaulted: true } ? _connecting = ConnectionMultiplexer.ConnectAsync(Options()) : _connecting;
        }
    }

    ConfigurationOptions Options()
    {
        var access = server.Redis!;
        var options = new ConfigurationOptions
        {
            EndPoints = { { server.Address.IdnHost, server.Address.Port } },
            DefaultDatabase = access.Database,
            User = access.User,
            Password = access.Password,
            ClientName = "portunus",
            // The machine asks again each second, and decides by itself what is said again: nothing waits in the library.
            AbortOnConnectFail = false,
            BacklogPolicy = BacklogPolicy.FailFast,
            ReconnectRetryPolicy = new LinearRetry(500),
            ConnectTimeout = 2000,
            AsyncTimeout = 2000,
            KeepAlive = 2,
            IncludeDetailInExceptions = false,
            TieBreaker = "",
            ConfigurationChannel = "",
            // One Redis and nothing but scripts: a user of its access lists needs no more than these.
            CommandMap = CommandMap.Create(["SUBSCRIBE", "PSUBSCRIBE", "CONFIG", "CLUSTER", "SENTINEL"], available: false),
        };
        if (server.Address.Scheme != RedisAccess.TlsScheme) return options;
        options.Ssl = true;
        options.SslClientAuthenticationOptions = _ =>
        {
            var tls = identity!.ForClient();
            tls.TargetHost = server.Address.IdnHost;
            return tls;
        };
        return options;
    }
}
