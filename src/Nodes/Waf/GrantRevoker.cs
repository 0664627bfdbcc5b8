using Microsoft.Extensions.Logging;
using Portunus.Nodes.Transfer;
using Portunus.Store;
using Portunus.Store.Access;

namespace Portunus.Nodes.Waf;

/// <summary>
/// The revocation feed of a WAF: tells TURN servers of grants whose access token was revoked, each until it has answered, and again
/// when it began anew, until the grant's tokens have run out.
/// </summary>
/// <remarks>
/// What was revoked is read from the data base, again and again: so it does not matter which node of the WAF, or which command of
/// an operator, revoked it, nor what this one knew before it was started anew.
/// </remarks>
public sealed class GrantRevoker : IAsyncDisposable
{
    /// <summary>As many as a TURN server denies at a time; below what the <see cref="TransferNode"/> has room for.</summary>
    const int Most = Portunus.Turn.TurnLedger.MostDenials;

    /// <summary>Clocks differ.</summary>
    const int Slack = 10;

    readonly GrantRevokerSettings _settings;
    readonly AccessStore _store;
    readonly ILogger _log;
    readonly Dictionary<string, TransferTarget> _servers;
    readonly TransferNode _transfer;
    readonly Dictionary<string, long> _told = [];
    readonly OnceAMinute _complaint = new();
    readonly CancellationTokenSource _stop = new();
    Task _loop = Task.CompletedTask;

    GrantRevoker(GrantRevokerSettings settings, AccessStore store, TransferNode transfer, ILogger log)
    {
        (_settings, _store, _transfer, _log) = (settings, store, transfer, log);
        _servers = settings.Transfer.Servers.ToDictionary(server => server.Name, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>Starts to look and to tell. A TURN server that cannot be reached is no mistake, and is told later.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="store">Of the WAF; stays with the caller.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting makes no sense, or a file cannot be read.</exception>
    public static GrantRevoker Start(GrantRevokerSettings settings, AccessStore store, ILoggerFactory logs)
    {
        var rules = settings.Transfer.Rules with { TellsCredentials = false };
        var transfer = TransferNode.Start(settings.Transfer with { Rules = rules }, logs.CreateLogger("Portunus.Credentials"));
        GrantRevoker revoker = new(settings, store, transfer, logs.CreateLogger("Portunus.Waf"));
        revoker._loop = Task.Run(revoker.LoopAsync);
        return revoker;
    }

    /// <summary>Stops at once; what was not told yet is told by the next start.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _transfer.Dispose();
        _stop.Dispose();
    }

    async Task LoopAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var began = TimeProvider.System.GetTimestamp();
            try
            {
                await LookAsync();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (StoreException e)
            {
                if (_complaint.TryTake()) WafNodeLog.RevocationsNotRead(_log, e.Message);
            }

            // A data base that is slow has other things to do, too.
            var pause = TimeProvider.System.GetElapsedTime(began) * 4;
            await Task.Delay(pause > _settings.Interval ? pause : _settings.Interval, _stop.Token)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task LookAsync()
    {
        var now = _settings.Time.GetUtcNow().ToUnixTimeSeconds();
        foreach (var over in _told.Where(one => one.Value <= now).ToArray()) _told.Remove(over.Key);
        string[] names = [.. _servers.Keys.Select(name => name.ToLowerInvariant())];
        foreach (var grant in await _store.FindRevokedGrantsAsync(names, now, Most, _stop.Token))
        {
            if (_told.GetValueOrDefault(grant.Id) >= grant.Ends || _told.Count >= Most) continue;
            var server = _servers[grant.Server];
            if (!_transfer.TryRevoke(server.Realm, grant.Id, grant.Ends + Slack, [server.Name])) return;
            _told[grant.Id] = grant.Ends;
            WafNodeLog.GrantRevoked(_log, grant.Id, grant.Impi, grant.Server);
        }
    }
}
