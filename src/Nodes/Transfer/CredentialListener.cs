using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>
/// The TURN server's side of the interface for credentials (Approach 2): edges of the operator, known by their certificates, make
/// credentials known and withdraw them, and WAFs tell of tokens that they revoked. docs/openapi.yaml describes it.
/// </summary>
public sealed class CredentialListener : IAsyncDisposable
{
    readonly WebApplication _application;
    readonly TlsIdentity _identity;
    readonly Sweeper[] _sweepers;

    CredentialListener(WebApplication application, TlsIdentity identity, Sweeper[] sweepers)
    {
        (_application, _identity, _sweepers) = (application, identity, sweepers);
        Address = OperatorHttp.AddressOf(application);
    }

    /// <summary>Where it listens, with the port that the system gave.</summary>
    public IPEndPoint Address { get; }

    /// <summary>What is served: method and path, as docs/openapi.yaml names them.</summary>
    internal IEnumerable<(string Method, string Path)> Served => OperatorHttp.ServedBy(_application);

    /// <summary>Starts to serve one realm.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="table">What is pushed goes here; the TURN server's verifier asks it.</param>
    /// <param name="end">Ends what runs on registrations that have no credential any more; it is over when nothing is relayed for
    /// them. A withdrawal is answered after it.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <param name="revoke">Denies subjects for a time and ends what runs on it; false when as many are denied as may be. Null:
    /// there is no revocation feed, and its path is none.</param>
    /// <exception cref="RefusedException">A setting or a file cannot be used, or the address cannot be had.</exception>
    public static Task<CredentialListener> StartAsync(
        CredentialListenerSettings settings, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end,
        ILoggerFactory logs, Func<ImmutableArray<Subject>, TimeSpan, Task<bool>>? revoke = null) =>
        StartAsync(settings, [new(table, end)], logs, revoke);

    /// <summary>Starts to serve the realms of a server.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="tables">One for each realm; at least one.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <param name="revoke">As for one realm; the subjects are of the realm that the path names.</param>
    /// <exception cref="RefusedException">A setting or a file cannot be used, or the address cannot be had.</exception>
    public static async Task<CredentialListener> StartAsync(
        CredentialListenerSettings settings, IReadOnlyList<CredentialTable> tables, ILoggerFactory logs,
        Func<ImmutableArray<Subject>, TimeSpan, Task<bool>>? revoke = null)
    {
        if (settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new RefusedException(string.Join(' ', mistakes));
        var identity = TlsIdentity.Load(settings.Tls);
        var requests = new CredentialRequests(tables, new(settings), revoke, logs.CreateLogger("Portunus.Credentials"));
        try
        {
            var application = await OperatorHttp.ServeAsync(
                settings.Listen, settings.ListenFlag, identity, logs, requests.MapTo);
            return new(application, identity, [.. tables.Select(table => new Sweeper(table.Pushed, table.End))]);
        }
        catch (RefusedException)
        {
            identity.Dispose();
            throw;
        }
    }

    /// <summary>Stops to serve; what is under way has two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var sweeper in _sweepers) await sweeper.DisposeAsync();
        await OperatorHttp.StopAsync(_application);
        _identity.Dispose();
    }
}
