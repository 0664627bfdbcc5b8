using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Redis;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Up;
using StackExchange.Redis;

namespace Portunus.Tests.Interop.Redis;

/// <summary>Two lives of one edge at Debian's Redis: the numbers of both begin at one, and an epoch tells whose a statement is.</summary>
public sealed class RedisLivesTests : IDisposable
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1";

    readonly RedisKeys _keys = new(Realm, Edge);
    readonly RedisProgram _redis = new();
    readonly RecordedLog _log = new();
    readonly RedisClient _before;
    readonly RedisClient _now;

    public RedisLivesTests() => (_before, _now) = (Client(), Client());

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _before.Dispose();
        _now.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public async Task An_edge_that_begins_anew_replaces_what_its_life_before_left_though_its_numbers_are_lower()
    {
        await LiveBeforeAsync();
        Assert.Equal(["alice 0a", "bob 0a"], Known());
        var opened = await SyncAsync(_now, 3, Of("alice", 1, 0xbb), Of("dave", 2, 0xbb));
        Assert.Equal(["alice bb", "dave bb"], Known());
        // Of names that the life before pushed or withdrew, its numbers count no more.
        foreach (var (name, number) in new (string, ulong)[] { ("alice", 4), ("bob", 5), ("carol", 6) })
            Assert.IsType<TransferAnswer.Done>(await PutAsync(_now, opened, Of(name, number, 0xcc)));
        Assert.Equal(["alice cc", "bob cc", "carol cc", "dave bb"], Known());
        Assert.IsType<TransferAnswer.Done>(await _now.DeleteAsync(new(default, "one", Realm, "alice", 7, default), Stop));
        Assert.Equal(["bob cc", "carol cc", "dave bb"], Known());
        // Within the life of its own they count as ever.
        Assert.Equal(new TransferAnswer.Older(7), await PutAsync(_now, opened, Of("alice", 6, 0xdd)));
        Assert.Equal(new TransferAnswer.Older(5), await PutAsync(_now, opened, Of("bob", 4, 0xdd)));
    }

    [Fact]
    public async Task The_empty_set_that_an_edge_begins_with_ends_all_that_its_life_before_pushed()
    {
        await LiveBeforeAsync();
        await SyncAsync(_now, 1);
        Assert.Equal([], Known());
    }

    [Fact]
    public async Task A_late_push_or_set_of_the_life_before_is_refused_whatever_its_number_is()
    {
        var epoch = await LiveBeforeAsync();
        var opened = await SyncAsync(_now, 1);
        Assert.IsType<TransferAnswer.Done>(await PutAsync(_now, opened, Of("dave", 2, 0xbb)));
        foreach (var name in new[] { "alice", "carol", "dave", "eve" })
            Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync(_before, epoch, Of(name, 9000, 0x0a)));
        Assert.IsType<TransferAnswer.WrongEpoch>(
            await _before.SyncAsync(new(default, "one", 9002, [Of("eve", 9001, 0x0a)], epoch, default), Stop));
        Assert.Equal(["dave bb"], Known());
        Assert.IsType<TransferAnswer.Done>(await PutAsync(_now, opened, Of("dave", 3, 0xcc)));
        Assert.Equal(["dave cc"], Known());
    }

    [Fact]
    public async Task Before_a_set_is_whole_no_push_is_heard_in_the_epoch_before_or_in_its_own()
    {
        var epoch = await LiveBeforeAsync();
        await RunAsync(RedisScripts.Begin, $"{epoch}", "77");
        Assert.Equal(77UL, await MeetAsync(_now));
        Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync(_before, epoch, Of("eve", 9000, 0x0a)));
        Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync(_now, 77, Of("eve", 1, 0xbb)));
        Assert.Equal(["alice 0a", "bob 0a"], Known());
        // What another edge made stays, though it is of no epoch of this one.
        Assert.Equal("done", await RunAsync(
            RedisScripts.Remove, [_keys.KeyOf("alice"), _keys.SaidOf("alice")], "edge2", "77", "alice"));
        Assert.Equal(["alice 0a", "bob 0a"], Known());
        // A withdrawal is heard at any time.
        Assert.IsType<TransferAnswer.Done>(await _now.DeleteAsync(new(default, "one", Realm, "alice", 2, default), Stop));
        Assert.Equal(["bob 0a"], Known());
        await RunAsync(RedisScripts.End, "77");
        Assert.IsType<TransferAnswer.Done>(await PutAsync(_now, 77, Of("eve", 1, 0xbb)));
    }

    [Fact]
    public async Task The_steps_of_a_set_that_another_has_overtaken_do_nothing()
    {
        var epoch = await LiveBeforeAsync();
        await RunAsync(RedisScripts.Begin, $"{epoch}", "77");
        // Of the broken one a piece was taken in; the next begins in its epoch and ends that, too.
        Assert.Equal("done", await PieceAsync("77", "frank"));
        Assert.Equal(["alice 0a", "bob 0a", "frank ee"], Known());
        var opened = await SyncAsync(_now, 2, Of("dave", 1, 0xbb));
        Assert.Equal(["dave bb"], Known());
        Assert.Equal("epoch", await PieceAsync("77", "frank"));
        Assert.Equal("epoch", await RunAsync(
            RedisScripts.Remove, [_keys.KeyOf("dave"), _keys.SaidOf("dave")], Edge, "77", "dave"));
        Assert.Equal("epoch", await RunAsync(RedisScripts.End, "77"));
        Assert.Equal(["dave bb"], Known());
        Assert.IsType<TransferAnswer.Done>(await PutAsync(_now, opened, Of("eve", 3, 0xbb)));
    }

    /// <summary>A life whose numbers went far: it knows alice and bob, and has withdrawn carol.</summary>
    /// <returns>Its epoch.</returns>
    async Task<ulong> LiveBeforeAsync()
    {
        var epoch = await SyncAsync(_before, 1);
        foreach (var (name, number) in new (string, ulong)[] { ("alice", 5000), ("bob", 5001), ("carol", 5002) })
            Assert.IsType<TransferAnswer.Done>(await PutAsync(_before, epoch, Of(name, number, 0x0a)));
        Assert.IsType<TransferAnswer.Done>(await _before.DeleteAsync(new(default, "one", Realm, "carol", 5003, default), Stop));
        return epoch;
    }

    RedisClient Client() => new(
        new("one", Realm, new($"redis://127.0.0.1:{_redis.Port}/")) { Redis = new() { Edge = Edge, Password = RedisProgram.Password } },
        null, _log);

    /// <summary>As the machine does each second: asks for the epoch until there is an answer.</summary>
    static async Task<ulong> MeetAsync(RedisClient life)
    {
        TransferAnswer? answer = null;
        await Eventually.TrueAsync(async () => (answer = await life.GetEpochAsync(Stop)) is TransferAnswer.IsAt);
        return ((TransferAnswer.IsAt)answer!).Epoch;
    }

    /// <returns>The epoch that the set has opened.</returns>
    static async Task<ulong> SyncAsync(RedisClient life, ulong number, params PushedCredential[] set)
    {
        var epoch = await MeetAsync(life);
        var done = Assert.IsType<TransferAnswer.Synchronised>(
            await life.SyncAsync(new(default, "one", number, [.. set], epoch, default), Stop));
        Assert.Equal([], done.Except);
        return done.Epoch;
    }

    static Task<TransferAnswer> PutAsync(RedisClient life, ulong epoch, PushedCredential credential) =>
        life.PutAsync(new(default, "one", credential, epoch, default), Stop);

    Task<string> PieceAsync(string epoch, string name) => RunAsync(
        RedisScripts.Put, [_keys.KeyOf(name), _keys.SaidOf(name)], Edge, epoch, "epoch",
        name, string.Concat(Enumerable.Repeat("ee", 16)), $"{SystemClock.Now.UnixSeconds + 600}", "1");

    Task<string> RunAsync(string script, params string[] values) => RunAsync(script, [], values);

    /// <summary>One step of a set, as a client does it that is slow, or ends after it.</summary>
    async Task<string> RunAsync(string script, RedisKey[] keys, params string[] values)
    {
        var answer = await _redis.Database.ScriptEvaluateAsync(
            script, [_keys.State, _keys.Names, .. keys], [.. values.Select(value => (RedisValue)value)]);
        return ((string[])answer!)[0];
    }

    /// <summary>The users that coturn would find, and how their keys begin.</summary>
    string[] Known() =>
    [
        .. _redis.Server.Keys(pattern: "turn/*", pageSize: 5000)
            .Select(key => $"{((string)key!).Split('/')[4]} {((string)_redis.Database.StringGet(key)!)[..2]}").Order(),
    ];

    static PushedCredential Of(string name, ulong number, byte digits)
    {
        byte[] key = [.. Enumerable.Repeat(digits, 32)];
        return new(
            Realm, name, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)), LongTermKey.From(PasswordAlgorithm.Sha256, key),
            SystemClock.Now.UnixSeconds + 600, $"reg-{name}", number, CredentialLimits.None);
    }
}
