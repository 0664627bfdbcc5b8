using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>The side of one TURN server in a test: its table and its listener, which can be stopped and begun anew.</summary>
sealed class TurnSide(Authority authority, string name, string realm, string edge, string? waf = null) : IAsyncDisposable
{
    readonly CredentialListenerSettings _settings = new()
    {
        Listen = new(IPAddress.Loopback, 0),
        Tls = authority.Server($"{name}.example.net"),
        Writers = new Dictionary<string, ImmutableArray<string>> { [edge] = [realm] }
            .ToImmutableDictionary(),
        Revokers = waf is null
            ? ImmutableDictionary<string, ImmutableArray<string>>.Empty
            : ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(waf, [realm]),
    };

    CredentialListener? _listener;
    int _port;

    public string Name => name;

    public PushedCredentials Table { get; private set; } = null!;

    /// <summary>What is done with registrations that end.</summary>
    public Func<IReadOnlyCollection<string>, Task> End { get; set; } = _ => Task.CompletedTask;

    /// <summary>What is done with subjects that are revoked; null: there is no revocation feed.</summary>
    public Func<ImmutableArray<Subject>, TimeSpan, Task<bool>>? Revoke { get; set; }

    public TransferTarget Target => new(name, realm, new($"https://localhost:{_port}/"));

    public IPEndPoint Address => new(IPAddress.Loopback, _port);

    public async Task<TurnSide> StartAsync(PushedCredentials? table = null)
    {
        Table = table ?? new(realm, new SystemRandom());
        _listener = await CredentialListener.StartAsync(
            _settings with { Listen = new(IPAddress.Loopback, _port) }, Table, ended => End(ended), NullLoggerFactory.Instance,
            Revoke);
        _port = _listener.Address.Port;
        return this;
    }

    public async Task StopAsync()
    {
        if (_listener is not null) await _listener.DisposeAsync();
        _listener = null;
    }

    public bool Knows(string username) =>
        Table.TryFind(SystemClock.Now, Encoding.UTF8.GetBytes(username), out PushedCredential? _);

    public async ValueTask DisposeAsync() => await StopAsync();
}
