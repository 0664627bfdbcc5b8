using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A TURN node in this process, over real sockets on loopback; the same over every data path.</summary>
public abstract class TurnNodeContract : IDisposable
{
    const string Realm = "example.org";
    static readonly SharedSecret Secret = new(SecretHash.Sha1, "north"u8);

    readonly List<IDisposable> _open = [];

    protected abstract DataPath Path { get; }

    public static TheoryData<string> Listeners => ["127.0.0.1:0", "[::1]:0"];

    public static TheoryData<string, PasswordAlgorithm> ListenersAndAlgorithms => new()
    {
        { "127.0.0.1:0", PasswordAlgorithm.Md5 },
        { "127.0.0.1:0", PasswordAlgorithm.Sha256 },
        { "[::1]:0", PasswordAlgorithm.Md5 },
        { "[::1]:0", PasswordAlgorithm.Sha256 },
    };

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
        GC.SuppressFinalize(this);
    }

    [Theory, MemberData(nameof(ListenersAndAlgorithms))]
    public void A_client_allocates_and_two_relays_echo_over_permission_and_channel(string listen, PasswordAlgorithm algorithm)
    {
        var node = Start(listen);
        var (alice, bob) = (Client(node, algorithm), Client(node, algorithm));
        var family = node.Listeners[0].Family;
        var (hers, his) = (alice.Allocate(family), bob.Allocate(family));
        Assert.Null(hers.Error);
        Assert.Equal(family, hers.Relayed.Family);
        Assert.Null(his.Error);
        Assert.Equal(alice.Local, hers.Mapped);
        Assert.Equal(600u, hers.Lifetime);

        Assert.Null(alice.Permit(his.Relayed).Error);
        Assert.Null(bob.BindChannel(0x4000, hers.Relayed).Error);
        alice.Send(his.Relayed, "over here"u8);
        Assert.Equal("over here"u8, bob.Receive());
        bob.SendOnChannel(0x4000, "and back"u8);
        Assert.Equal("and back"u8, alice.Receive());

        Assert.Null(alice.Refresh(0).Error);
        Assert.Null(bob.Refresh(0).Error);
        Assert.Empty(node.Sessions());
    }

    [Theory, MemberData(nameof(Listeners))]
    public void Payloads_of_every_length_pass_unchanged_in_both_forms(string listen)
    {
        var node = Start(listen);
        var (alice, bob) = (Client(node), Client(node));
        var family = node.Listeners[0].Family;
        var (hers, his) = (alice.Allocate(family), bob.Allocate(family));
        Assert.Null(alice.BindChannel(0x4FFF, his.Relayed).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);
        foreach (var length in new[] { 0, 1, 2, 3, 4, 5, 1200, 1473, 9001 })
        {
            var payload = new byte[length];
            Random.Shared.NextBytes(payload);
            alice.SendOnChannel(0x4FFF, payload);
            Assert.Equal(payload, bob.Receive());
            bob.Send(hers.Relayed, payload);
            Assert.Equal(payload, alice.Receive());
        }
    }

    [Fact]
    public void A_client_of_one_family_has_a_relay_of_the_other()
    {
        var node = Start("127.0.0.1:0");
        var client = Client(node);
        var answer = client.Allocate(IPFamily.IPv6);
        Assert.Null(answer.Error);
        Assert.Equal(IPFamily.IPv6, answer.Relayed.Family);
    }

    [Theory, MemberData(nameof(Listeners))]
    public void Ports_on_which_the_node_listens_and_forbidden_peers_are_refused(string listen)
    {
        var node = Start(listen);
        var client = Client(node);
        Assert.Null(client.Allocate(node.Listeners[0].Family).Error);
        Assert.Equal(ErrorCode.Forbidden, client.BindChannel(0x4001, node.Listeners[0]).Error);
        var inside = node.Listeners[0].Family == IPFamily.IPv4 ? "10.0.0.1:9" : "[fd00::1]:9";
        Assert.Equal(ErrorCode.Forbidden, client.Permit(Address(inside)).Error);
    }

    [Fact]
    public void Dont_fragment_is_obeyed_or_refused_as_the_system_can()
    {
        var node = Start("127.0.0.1:0");
        var (alice, bob) = (Client(node), Client(node));
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        alice.Permit(his.Relayed);
        bob.Permit(hers.Relayed);
        alice.Send(his.Relayed, new byte[1400], dontFragment: true);
        alice.Send(his.Relayed, "fragments as you like"u8);
        if (UdpDatagrams.CanForbidFragments) Assert.Equal(1400, bob.Receive().Length);
        Assert.Equal("fragments as you like"u8, bob.Receive());
    }

    [Fact]
    public void A_wrong_password_and_an_expired_credential_are_401()
    {
        var node = Start("127.0.0.1:0");
        Assert.Equal(ErrorCode.Unauthenticated, Allocate("alice", "wrong"));
        var old = TimeLimitedCredential.MintFor(Secret, SystemClock.Now.UnixSeconds - 2, "carol");
        Assert.Equal(ErrorCode.Unauthenticated, Allocate(old.Username, old.Password));
        var fresh = TimeLimitedCredential.MintFor(Secret, SystemClock.Now.UnixSeconds + 60, "carol");
        Assert.Null(Allocate(fresh.Username, fresh.Password));

        ErrorCode? Allocate(string user, string password) =>
            Open(new RawClient(node.Listeners[0], user, password)).Allocate().Error;
    }

    [Fact]
    public void When_no_relay_port_is_left_508_is_answered_and_a_freed_one_is_used_again()
    {
        // Two ports, found free a moment ago; the ledger learns of one that another program took when it tries it.
        using var probe = UdpDatagrams.Open(Address("127.0.0.1:0"));
        var first = (ushort)(probe.Local.Port & ~1);
        var node = Start("127.0.0.1:0", rules: rules => rules with { RelayPorts = new(first, (ushort)(first + 1)) });
        probe.Dispose();
        var clients = Enumerable.Range(0, 3).Select(_ => Client(node)).ToArray();
        var answers = clients.Select(client => client.Allocate()).ToArray();
        Assert.Equal(ErrorCode.InsufficientCapacity, answers[2].Error);
        Assert.Null(clients[0].Refresh(0).Error);
        Assert.Null(Client(node).Allocate().Error);
    }

    [Fact]
    public void A_relay_port_that_another_program_has_is_passed_over()
    {
        using var taken = UdpDatagrams.Open(Address("127.0.0.1:0"));
        var port = taken.Local.Port;
        var node = Start("127.0.0.1:0", rules: rules => rules with { RelayPorts = new(port, port) });
        Assert.Equal(ErrorCode.InsufficientCapacity, Client(node).Allocate().Error);
    }

    [Fact]
    public void Garbage_leaves_the_service_as_it_was()
    {
        var node = Start("127.0.0.1:0");
        var (alice, bob) = (Client(node), Client(node));
        var (hers, his) = (alice.Allocate(), bob.Allocate());
        Assert.Null(alice.BindChannel(0x4000, his.Relayed).Error);
        Assert.Null(bob.Permit(hers.Relayed).Error);

        var seeds = new Random(20);
        var flood = Open(new RawClient(node.Listeners[0], "nobody", ""));
        for (var i = 0; i < 20_000; i++)
        {
            var garbage = new byte[seeds.Next(0, i % 100 == 0 ? 3000 : 200)];
            seeds.NextBytes(garbage);
            // A fifth each of: noise, STUN's first bits, its cookie, channel numbers, and a Binding that is answered.
            if (garbage.Length > 20) Disguise(garbage, i % 5);
            flood.SendRaw(garbage);
        }

        alice.SendOnChannel(0x4000, "still here"u8);
        Assert.Equal("still here"u8, bob.Receive());
        Assert.Null(Client(node).Allocate().Error);
        Assert.Equal(Address("127.0.0.1:0"), Open(new RawClient(node.Listeners[0], "x", "y")).Bind().Mapped.WithPort(0));
    }

    [Fact]
    public void Several_workers_share_the_clients_and_every_client_is_served()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "only Linux spreads clients over sockets");
        var node = Start("127.0.0.1:0", workers: 3);
        var clients = Enumerable.Range(0, 40).Select(_ => Client(node)).ToArray();
        var relayed = clients.Select(client => client.Allocate()).ToArray();
        Assert.All(relayed, answer => Assert.Null(answer.Error));
        Assert.Equal(40, node.Sessions().Length);
        // 40 clients over 3 workers: that one has none is as likely as 3 x (2/3)^40, 1 in 3.7 million.
        Assert.All(node.Decisions, worker => Assert.NotEqual(0, worker.AllocationsBegan));

        // From each client to the next, mostly across workers.
        for (var i = 0; i < clients.Length; i++)
        {
            var next = (i + 1) % clients.Length;
            Assert.Null(clients[i].BindChannel(0x4000, relayed[next].Relayed).Error);
            Assert.Null(clients[next].Permit(relayed[i].Relayed).Error);
            clients[i].SendOnChannel(0x4000, [(byte)i]);
            Assert.Equal([(byte)i], clients[next].Receive());
        }
    }

    [Fact]
    public void A_nonce_outlives_the_turn_of_the_keys_and_is_stale_after_its_life()
    {
        var node = Start("127.0.0.1:0", rules: rules => rules with { NonceLifetime = TimeSpan.FromSeconds(1) });
        var client = Client(node);
        Assert.Null(client.Allocate().Error);
        // Over more than two turns the client meets stale nonces, and goes on with new ones.
        for (var start = Stopwatch.StartNew(); start.Elapsed < TimeSpan.FromSeconds(2.5) || node.Decisions[0].Errors(438) == 0;)
        {
            Assert.True(start.Elapsed < TimeSpan.FromSeconds(30), "No nonce became stale.");
            Assert.Null(client.Refresh(600).Error);
        }
    }

    [Theory, MemberData(nameof(Listeners))]
    public void A_taken_port_is_refused_in_one_sentence_whether_the_first_has_one_worker_or_two(string listen)
    {
        foreach (var (first, second) in new[] { (1, 1), (2, 1), (1, 2), (2, 2) })
        {
            var node = Start(listen, first);
            var taken = node.Listeners[0];
            var refused = Assert.Throws<RefusedException>(() => Start(taken.ToString(), second));
            Assert.Contains($"{taken.Port}", refused.Message, StringComparison.Ordinal);
            Assert.Contains("--listen", refused.Message, StringComparison.Ordinal);
            Assert.Equal(refused.Message.Length - 1, refused.Message.LastIndexOf('.'));
        }
    }

    [Fact]
    public void An_address_of_another_machine_is_refused_in_one_sentence()
    {
        var refused = Assert.Throws<RefusedException>(() => Start("203.0.113.7:0"));
        Assert.Contains("203.0.113.7 is not an address of this machine", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stopped_node_gives_its_ports_back()
    {
        var node = Start("127.0.0.1:0", workers: 2);
        var listener = node.Listeners[0];
        var relayed = Client(node).Allocate().Relayed;
        node.Dispose();
        Assert.True(node.Ended.IsCompletedSuccessfully);
        foreach (var address in new[] { listener, relayed }) UdpDatagrams.Open(address).Dispose();
    }

    TurnNode Start(string listen, int workers = 1, Func<TurnSettings, TurnSettings>? rules = null)
    {
        var settings = new TurnSettings
        {
            Realm = Realm,
            Relays = [new(Address("127.0.0.1:0")), new(Address("[::1]:0"))],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8"), AddressRange.Parse("::1")],
        };
        var verifier = new CredentialVerifier(Realm, [new("alice", "secret")], [Secret]);
        var node = new TurnNodeSettings
        {
            Listen = [Address(listen)],
            Workers = workers,
            Rules = rules?.Invoke(settings) ?? settings,
            DataPath = Path,
        };
        return Open(TurnNode.Start(node, verifier, NullLogger.Instance));
    }

    RawClient Client(TurnNode node, PasswordAlgorithm algorithm = PasswordAlgorithm.Md5) =>
        Open(new RawClient(node.Listeners[0], "alice", "secret", algorithm));

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }

    static void Disguise(byte[] garbage, int kind)
    {
        if (kind is 1 or 2 or 4) garbage[0] &= 0x3F;
        if (kind is 2 or 4) new byte[] { 0x21, 0x12, 0xA4, 0x42 }.CopyTo(garbage, 4);
        if (kind is 3) garbage[0] = 0x40;
        if (kind is 4) new byte[] { 0, 1, 0, 0 }.CopyTo(garbage, 0);
    }

    static TransportAddress Address(string text) => TransportAddress.TryParse(text, out var address) ? address : default;
}

/// <summary>Over System.Net.Sockets.</summary>
public sealed class PortableTurnNodeTests : TurnNodeContract
{
    protected override DataPath Path => DataPath.Portable;
}

/// <summary>Over epoll and batches.</summary>
public sealed class LinuxTurnNodeTests : TurnNodeContract
{
    public LinuxTurnNodeTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    protected override DataPath Path => DataPath.Linux;
}
