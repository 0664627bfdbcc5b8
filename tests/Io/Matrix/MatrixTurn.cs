using System.Collections.Immutable;
using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Agent;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Tests.Io.Transfer;
using Portunus.Turn;

namespace Portunus.Tests.Io.Matrix;

/// <summary>The TURN server of one solution, and how it is told of credentials: over an interface of its own, or as a media gateway
/// node.</summary>
/// <param name="authority">Certifies it.</param>
/// <param name="sources">By what it knows its clients, beside the table of those that it was told of; asked for at each start.</param>
sealed class MatrixTurn(Authority authority, Func<CredentialSources> sources) : IAsyncDisposable
{
    const string Realm = MatrixSystem.Realm;

    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);

    readonly TurnSide _side = new(authority, "turn1", Realm, MatrixSystem.Edge);
    PushedCredentials? _table;
    CredentialFinder? _finder;
    AgwNode? _agw;
    TransportAddress _listen = Loopback;
    IPEndPoint _control = new(IPAddress.Loopback, 0);

    /// <summary>Its clients are known by what edges told.</summary>
    public bool IsTold { get; init; }

    /// <summary>It stands in a media gateway node, which the edge controls.</summary>
    public bool IsIntegrated { get; init; }

    /// <summary>It hears the end of registrations whose credentials it was not told of.</summary>
    public bool HasFeed { get; init; }

    /// <summary>Where it asks the edge for names that it does not know; null for nowhere.</summary>
    public Uri? Edge { get; set; }

    public TurnNode Node { get; private set; } = null!;

    /// <summary>Where it is told of credentials.</summary>
    public IPEndPoint Interface => IsIntegrated ? _control : _side.Address;

    /// <summary>The same, as the edge names it.</summary>
    public TransferTarget Target => IsIntegrated
        ? new(MatrixSystem.TurnName, Realm, new($"ngs://localhost:{_control.Port}/"))
        : _side.Target with { Name = MatrixSystem.TurnName };

    /// <summary>Begins to hear the edge; relays come later, whose peer this must not be.</summary>
    public async Task ListenAsync()
    {
        if (IsIntegrated)
        {
            await StartAgwAsync();
            return;
        }

        _table = new(Realm, new SystemRandom());
        _side.End = registrations => Node.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]);
        _side.Revoke = HasFeed ? (subjects, deniedFor) => Node.RevokeAsync(subjects, deniedFor) : null;
        await _side.StartAsync(_table);
    }

    /// <summary>Begins to relay.</summary>
    public void Start()
    {
        if (IsIntegrated) return;
        if (Edge is { } edge)
            _finder = CredentialFinder.Start(
                new() { Edges = [new(MatrixSystem.Edge, edge)], Tls = authority.Client("turn1.example.net") }, _table!,
                registrations => Node.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]), NullLogger.Instance);
        var known = sources() with { AsksEdges = Edge is not null };
        Node = TurnNode.Start(
            Settings with { Rules = Settings.Rules with { OwnListeners = [TransportAddress.From(_side.Address)] } },
            new CredentialVerifier(IsTold ? known with { Pushed = _table } : known), NullLogger.Instance, _finder);
        _listen = Node.Listeners[0];
    }

    /// <summary>Ends and begins anew at its ports: nothing is known that it was told.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await ListenAsync();
        Start();
    }

    /// <summary>The edge can tell it nothing any more; what it was told counts on. Not for a media gateway node.</summary>
    public Task StopListeningAsync() => _side.StopAsync();

    public async ValueTask DisposeAsync() => await StopAsync();

    TurnNodeSettings Settings => new()
    {
        Listen = [_listen],
        Rules = new()
        {
            Realm = Realm,
            Relays = [new(Loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            // A loaded machine may take longer than a client would wait.
            FindCredentialDeadline = TimeSpan.FromSeconds(10),
        },
    };

    async Task StartAgwAsync()
    {
        _agw = await AgwNode.StartAsync(
            new()
            {
                Turn = Settings,
                Control = new()
                {
                    Listen = _control,
                    Tls = authority.Server("agw1.example.net"),
                    Writers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(MatrixSystem.Edge, [Realm]),
                },
                Sources = sources(),
            }, NullLoggerFactory.Instance);
        (Node, _control, _listen) = (_agw.Turn, _agw.Control, _agw.Turn.Listeners[0]);
    }

    async Task StopAsync()
    {
        if (_agw is not null) await _agw.DisposeAsync();
        await _side.StopAsync();
        if (!IsIntegrated) Node.Dispose();
        _finder?.Dispose();
    }
}
