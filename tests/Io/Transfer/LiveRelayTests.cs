using System.Net;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Stun;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>Approach 2 from the edge to the relay: real sockets, real certificates, a live allocation.</summary>
public sealed class LiveRelayTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";
    const string Password = "a password of chance";

    readonly Authority _operator = new();
    readonly PushedCredentials _table = new(Realm, new SystemRandom());
    TurnSide _side = null!;
    TurnNode _node = null!;
    TransferNode _edge = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static TransportAddress Loopback => TransportAddress.From(new IPEndPoint(IPAddress.Loopback, 0));

    public async ValueTask InitializeAsync()
    {
        var rules = new TurnSettings
        {
            Realm = Realm,
            Relays = [new(Loopback)],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
        };
        _node = TurnNode.Start(
            new() { Listen = [Loopback], Workers = OperatingSystem.IsLinux() ? 2 : 1, Rules = rules },
            new CredentialVerifier(new CredentialSources { Realm = Realm, Pushed = _table }), NullLogger.Instance);
        _side = new TurnSide(_operator, "turn1", Realm, Edge)
        {
            End = registrations => _node.EndAsync([.. registrations.Select(PushedCredentials.SubjectOf)]),
        };
        await _side.StartAsync(_table);
        _edge = StartEdge();
    }

    public async ValueTask DisposeAsync()
    {
        _edge.Dispose();
        await _side.DisposeAsync();
        _node.Dispose();
        _operator.Dispose();
    }

    [Theory]
    [InlineData(PasswordAlgorithm.Md5)]
    [InlineData(PasswordAlgorithm.Sha256)]
    public async Task A_relay_lives_by_a_pushed_credential_and_ends_with_its_withdrawal(PasswordAlgorithm algorithm)
    {
        using var alice = new RawClient(_node.Listeners[0], "alice", Password, algorithm);
        using var bob = new RawClient(_node.Listeners[0], "bob", Password, algorithm);
        Assert.Equal(ErrorCode.Unauthenticated, alice.Allocate().Error);
        await PushAsync("alice");
        await PushAsync("bob");
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        Assert.Null(hers.Error);
        Assert.Null(alice.Permit(his.Relayed).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);
        alice.Send(his.Relayed, "over here"u8);
        Assert.Equal("over here"u8, bob.Receive());

        _edge.Withdraw(new(Realm, "alice", "reg-alice", 0, []));
        await Eventually.TrueAsync(() => _node.Sessions() is [{ Subject: var left }] && left == PushedCredentials.SubjectOf("reg-bob"));
        Assert.Equal(ErrorCode.Unauthenticated, alice.Allocate().Error);
        // The relay's port is free again.
        UdpDatagrams.Open(hers.Relayed).Dispose();
        Assert.Null(bob.Refresh(600).Error);
    }

    [Fact]
    public async Task When_a_DELETE_is_answered_nothing_is_relayed_any_more()
    {
        await PushAsync("alice");
        using var alice = new RawClient(_node.Listeners[0], "alice", Password);
        Assert.Null(alice.Allocate().Error);
        Assert.Single(_node.Sessions());
        using var identity = TlsIdentity.Load(_operator.Client(Edge));
        using var http = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() });
        using var answer = await http.DeleteAsync(new Uri(_side.Target.Address, $"v1/realms/{Realm}/credentials/alice"), Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Empty(_node.Sessions());
    }

    [Fact]
    public async Task A_credential_that_runs_out_takes_its_relay_with_it_and_one_that_is_renewed_does_not()
    {
        // From here on edge and server know each other, and all that follows is quick.
        await PushAsync("renewed");
        var end = SystemClock.Now.UnixSeconds + 10;
        await PushAsync("short", end);
        await PushAsync("renewed", end);
        using var shortly = new RawClient(_node.Listeners[0], "short", Password);
        using var renewed = new RawClient(_node.Listeners[0], "renewed", Password);
        Assert.Null(shortly.Allocate().Error);
        Assert.Null(renewed.Allocate().Error);
        await PushAsync("renewed");
        Assert.Null(renewed.Refresh(600).Error);
        await Eventually.TrueAsync(() => _node.Sessions() is [{ Subject: var left }] && left == PushedCredentials.SubjectOf("reg-renewed"));
        Assert.True(SystemClock.Now.UnixSeconds >= end);
    }

    [Fact]
    public async Task An_edge_that_begins_anew_ends_the_relays_of_its_life_before()
    {
        await PushAsync("orphan");
        using var orphan = new RawClient(_node.Listeners[0], "orphan", Password);
        Assert.Null(orphan.Allocate().Error);
        _edge.Dispose();
        _edge = StartEdge();
        await Eventually.TrueAsync(() => _node.Sessions().Length == 0);
    }

    [Fact]
    public async Task The_limits_of_a_credential_hold_at_the_relay()
    {
        await PushAsync("alice", limits: new() { MaxAllocations = 1, Peers = ["127.0.0.1"] });
        using var first = new RawClient(_node.Listeners[0], "alice", Password);
        using var second = new RawClient(_node.Listeners[0], "alice", Password);
        var relay = first.Allocate();
        Assert.Null(relay.Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);
        Assert.Null(first.Permit(relay.Relayed).Error);
        var outside = TransportAddress.From(IPEndPoint.Parse("127.0.0.2:9"));
        Assert.Equal(ErrorCode.Forbidden, first.Permit(outside).Error);
    }

    TransferNode StartEdge() => TransferNode.Start(
        new()
        {
            Servers = [_side.Target],
            Tls = _operator.Client(Edge),
            // A loaded machine may take longer than a WIC would wait.
            Rules = new() { Servers = [], RequestDeadline = TimeSpan.FromSeconds(10) },
        }, NullLogger.Instance);

    /// <summary>Until the server acknowledges: at first it may not have been asked for its epoch yet.</summary>
    Task PushAsync(string username, long? expires = null, CredentialLimits? limits = null) => Eventually.TrueAsync(async () =>
    {
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, username, Realm, Password, out var md5));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Sha256, username, Realm, Password, out var sha256));
        var credential = new PushedCredential(
            Realm, username, md5, sha256, expires ?? SystemClock.Now.UnixSeconds + 600, $"reg-{username}", 0,
            limits ?? CredentialLimits.None);
        return (await _edge.PushAsync(credential, ["turn1"], Stop)).Count == 1;
    });
}
