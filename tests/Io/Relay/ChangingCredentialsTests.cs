using System.Collections.Immutable;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>Credentials that change and end while a node serves over real sockets.</summary>
public sealed class ChangingCredentialsTests : IDisposable
{
    const string Realm = "example.org";
    const int Rotations = 20;
    const int Clients = 4;

    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly List<IDisposable> _open = [];

    static int Workers => OperatingSystem.IsLinux() ? 2 : 1;

    public void Dispose()
    {
        foreach (var thing in Enumerable.Reverse(_open)) thing.Dispose();
    }

    [Fact]
    public async Task Secrets_and_keys_rotate_under_load_and_no_Allocate_fails()
    {
        var current = new Generation(0);
        var node = Start(current.Sources);
        // The generation with which each client has gone through a whole round; and that one of them has.
        var seen = new int[Clients];
        Array.Fill(seen, -1);
        using var moved = new SemaphoreSlim(0);
        using var end = new CancellationTokenSource();
        var clients = Enumerable.Range(0, Clients).Select(n => Task.Factory.StartNew(() =>
        {
            using var held = new RawClient(node.Listeners[0], Volatile.Read(ref current).Issue());
            Assert.Null(held.Allocate().Error);
            for (var rounds = 0; ; rounds++)
            {
                var generation = Volatile.Read(ref current);
                var (name, password) = generation.Mint();
                using var byName = new RawClient(node.Listeners[0], name, password);
                using var byToken = new RawClient(node.Listeners[0], generation.Issue());
                Assert.Null(byName.Allocate().Error);
                Assert.Null(byToken.Allocate().Error);
                // A call that goes on, its allocation carried on by tokens of ever newer keys.
                Assert.Null(held.Refresh(600, generation.Issue()).Error);
                Assert.Null(byName.Refresh(0).Error);
                Assert.Null(byToken.Refresh(0).Error);
                seen[n] = generation.Number;
                moved.Release();
                if (end.IsCancellationRequested) return rounds;
            }
        }, TaskCreationOptions.LongRunning)).ToArray();

        for (var number = 1; number <= Rotations; number++)
        {
            var next = new Generation(number, current);
            // A new key opens everywhere before it seals anywhere.
            await node.UseAsync(new CredentialVerifier(next.Sources));
            Volatile.Write(ref current, next);
            // The one before goes when nobody holds anything of it any more; in life, when its last credential has ended.
            while (seen.Min() < number && !clients.Any(client => client.IsCompleted))
                Assert.True(await moved.WaitAsync(Patience, TestContext.Current.CancellationToken), "Nobody went on.");
            if (clients.Any(client => client.IsCompleted)) break;
        }

        await end.CancelAsync();
        var rounds = await Task.WhenAll(clients);
        Assert.All(rounds, count => Assert.True(count >= Rotations));
        Assert.Equal(0, node.Decisions.Sum(worker => worker.Errors(437) + worker.Errors(441) + worker.Errors(486)));
    }

    [Fact]
    public async Task When_a_revocation_is_done_nothing_of_its_subject_is_relayed_any_more_on_any_worker()
    {
        var generation = new Generation(0);
        var node = Start(generation.Sources);
        var (hers, his) = (generation.Issue(), generation.Issue());
        RawClient[] gone = [.. Enumerable.Range(0, 12).Select(_ => Open(new RawClient(node.Listeners[0], hers)))];
        var (stays, echo) = (Open(new RawClient(node.Listeners[0], his)), Open(new RawClient(node.Listeners[0], his)));
        var (from, to) = (stays.Allocate().Relayed, echo.Allocate().Relayed);
        Assert.Null(stays.BindChannel(0x4000, to).Error);
        Assert.Null(echo.Permit(from).Error);
        foreach (var client in gone)
        {
            Assert.Null(client.Allocate().Error);
            Assert.Null(client.BindChannel(0x4000, to).Error);
        }

        Assert.Equal(14, node.Sessions().Length);
        var id = Convert.ToHexStringLower(hers.AccessToken.Span.Slice(2, TokenSeal.IdLength));
        Assert.True(await node.RevokeAsync(Subject.OfId(id), TimeSpan.FromHours(1)));
        Assert.Equal(2, node.Sessions().Length);
        foreach (var client in gone) client.SendOnChannel(0x4000, "gone"u8);
        Assert.All(gone, client => Assert.Equal(ErrorCode.Unauthenticated, client.Refresh(600).Error));
        Assert.All(gone, client => Assert.Equal(ErrorCode.Unauthenticated, client.Allocate().Error));
        stays.SendOnChannel(0x4000, "here"u8);
        Assert.Equal("here"u8, echo.Receive());
    }

    [Fact]
    public async Task Many_revocations_at_once_are_all_done_and_one_after_the_node_has_stopped_as_well()
    {
        var node = Start(new Generation(0).Sources);
        var all = Enumerable.Range(0, 1000).Select(n => node.RevokeAsync(Subject.OfId($"{n}"), TimeSpan.FromHours(1)));
        Assert.All(await Task.WhenAll(all), Assert.True);
        node.Dispose();
        Assert.True(await node.RevokeAsync(Subject.OfId("late"), TimeSpan.FromHours(1)));
    }

    TurnNode Start(CredentialSources sources)
    {
        var rules = new TurnSettings
        {
            Realm = Realm,
            Relays = [new(TransportAddress.IPv4(0x7F000001, 0))],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
        };
        var settings = new TurnNodeSettings { Listen = [TransportAddress.IPv4(0x7F000001, 0)], Workers = Workers, Rules = rules };
        return Open(TurnNode.Start(settings, new CredentialVerifier(sources), NullLogger.Instance));
    }

    T Open<T>(T thing) where T : IDisposable
    {
        _open.Add(thing);
        return thing;
    }

    /// <summary>A secret and a token key, and those before them, as an edge and its TURN server hold them.</summary>
    sealed class Generation
    {
        readonly SharedSecret _secret;
        readonly TokenKey _key;
        readonly TokenIssuer _issuer;
        readonly SystemRandom _random = new();
        int _names;

        public Generation(int number, Generation? before = null)
        {
            Number = number;
            _secret = new(SecretHash.Sha256, BitConverter.GetBytes(number));
            var bytes = new byte[32];
            _random.Fill(bytes);
            _key = new($"waf-{number}", TokenAlgorithm.A256Gcm, bytes);
            _issuer = new(_key, Realm, _random);
            Sources = new()
            {
                Realm = Realm,
                Secrets = before is null ? [_secret] : [_secret, before._secret],
                TokenKeys = before is null ? [new(_key)] : [new(_key), new(before._key)],
            };
        }

        public int Number { get; }

        public CredentialSources Sources { get; }

        public IssuedToken Issue()
        {
            // An issuer is for one thread at a time.
            lock (_issuer) return _issuer.Issue(SystemClock.Now, _issuer.DrawId(), 3600, Number % 2 == 0 ? 20 : 32);
        }

        public (string Name, string Password) Mint()
        {
            var minted = TimeLimitedCredential.MintFor(
                _secret, SystemClock.Now.UnixSeconds + 600, $"user{Interlocked.Increment(ref _names)}");
            return (minted.Username, minted.Password);
        }
    }
}
