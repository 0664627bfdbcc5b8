using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes;
using Portunus.Nodes.Redis;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Redis;

/// <summary>What the interface for credentials promises, as far as Debian's Redis can keep it: numbers, epochs, whole sets.</summary>
public sealed class RedisClientTests : IDisposable
{
    const string Realm = "ims.example.net";

    readonly RedisProgram _redis = new();
    readonly RecordedLog _log = new();
    readonly RedisClient _edge;
    ulong _epoch;

    public RedisClientTests() => _edge = ClientOf("edge1");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _edge.Dispose();
        _redis.Dispose();
    }

    [Fact]
    public async Task A_credential_is_a_key_that_ends_by_itself_and_a_withdrawal_deletes_it()
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 10));
        Assert.Equal("0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", Key("alice"));
        var left = _redis.Database.KeyTimeToLive(NameOf("alice"))!.Value;
        Assert.InRange(left, TimeSpan.FromSeconds(400), TimeSpan.FromSeconds(600));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("alice", 11));
        Assert.Null(Key("alice"));
        Assert.All(_redis.Server.Keys(pattern: "portunus/*"), key => Assert.NotNull(_redis.Database.KeyTimeToLive(key)));
    }

    [Fact]
    public async Task An_older_statement_never_takes_the_place_of_a_newer_one()
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 20));
        Assert.Equal(new TransferAnswer.Older(20), await PutAsync("alice", 19));
        Assert.Equal(new TransferAnswer.Older(20), await DeleteAsync("alice", 19));
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 20));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("alice", 30));
        Assert.Equal(new TransferAnswer.Older(30), await PutAsync("alice", 29));
        // A withdrawal that overtook its push.
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("bob", 40));
        Assert.Equal(new TransferAnswer.Older(40), await PutAsync("bob", 39));
        Assert.Null(Key("alice"));
        Assert.Null(Key("bob"));
    }

    [Fact]
    public async Task Numbers_up_to_the_largest_are_told_apart_to_the_last_digit()
    {
        await MeetAsync();
        const ulong largest = TransferJson.LargestNumber;
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", largest - 1));
        Assert.Equal(new TransferAnswer.Older(largest - 1), await PutAsync("alice", largest - 2));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("alice", largest));
        Assert.Equal(new TransferAnswer.Older(largest), await PutAsync("alice", largest - 1));
    }

    [Fact]
    public async Task What_has_run_out_is_refused()
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Refused>(await PutAsync("alice", 10, seconds: -5));
        Assert.Null(Key("alice"));
    }

    [Theory]
    [InlineData("emptied")]
    [InlineData("empty")]
    [InlineData("saved")]
    public async Task A_Redis_that_was_emptied_or_began_anew_empty_or_as_it_was_saved_is_in_another_epoch(string it)
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 10));
        var before = _epoch;
        if (it == "emptied") _redis.Server.FlushAllDatabases();
        if (it == "saved") _redis.Database.Execute("SAVE");
        if (it != "emptied")
        {
            _redis.Stop();
            _redis.Start();
        }

        await MeetAsync();
        Assert.NotEqual(before, _epoch);
        Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync("bob", 11, epoch: before));
        Assert.IsType<TransferAnswer.WrongEpoch>(await SyncAsync(12, epoch: before));
        Assert.Equal(it == "saved" ? ["alice"] : [], Known());
        Assert.Equal([], await SyncedAsync(13, Of("carol", 12)));
        Assert.Equal(["carol"], Known());
        Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync("bob", 14, epoch: before));
    }

    [Fact]
    public async Task A_whole_set_ends_what_was_said_before_it_and_opens_an_epoch()
    {
        await MeetAsync();
        foreach (var (name, number) in new (string, ulong)[] { ("alice", 10), ("bob", 11), ("carol", 12) })
            Assert.IsType<TransferAnswer.Done>(await PutAsync(name, number));
        var before = _epoch;
        Assert.Equal([], await SyncedAsync(20, Of("alice", 12), Of("dave", 13)));
        Assert.NotEqual(before, _epoch);
        Assert.Equal(["alice", "dave"], Known());
        // What was on its way when the set was told, whatever its number is: of names that it holds, that it ended, that nobody knows.
        foreach (var name in new[] { "alice", "bob", "eve" })
            Assert.IsType<TransferAnswer.WrongEpoch>(await PutAsync(name, 90, epoch: before));
        Assert.IsType<TransferAnswer.WrongEpoch>(await SyncAsync(91, epoch: before));
        Assert.Equal(["alice", "dave"], Known());
        Assert.Equal(_epoch, (await MeetAsync()).Epoch);
        Assert.IsType<TransferAnswer.Done>(await PutAsync("bob", 21));
        Assert.Equal([], await SyncedAsync(22));
        Assert.Equal([], Known());
    }

    [Fact]
    public async Task What_a_set_cannot_take_is_named_and_what_was_known_of_it_before_is_removed()
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 10));
        Assert.Equal(["alice"], await SyncedAsync(13, Of("alice", 11, seconds: -5), Of("bob", 12)));
        Assert.Equal(["bob"], Known());
    }

    [Fact]
    public async Task A_set_of_thousands_is_told_in_pieces()
    {
        await MeetAsync();
        PushedCredential[] all = [.. Enumerable.Range(0, 2300).Select(i => Of($"user{i}", (ulong)i + 1))];
        Assert.Equal([], await SyncedAsync(5000, all));
        Assert.Equal(2300, Known().Length);
        Assert.Equal([], await SyncedAsync(6000, all[..100]));
        Assert.Equal(100, Known().Length);
    }

    [Fact]
    public async Task Edges_leave_each_other_and_users_of_coturn_alone()
    {
        await MeetAsync();
        using var other = ClientOf("edge2");
        var epoch = Assert.IsType<TransferAnswer.IsAt>(await other.GetEpochAsync(Stop)).Epoch;
        _redis.Database.StringSet(NameOf("admin"), "ff");
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 10));
        Assert.IsType<TransferAnswer.Refused>(
            await other.PutAsync(new(default, "one", Of("alice", 90), epoch, default), Stop));
        Assert.IsType<TransferAnswer.Done>(await other.DeleteAsync(new(default, "one", Realm, "alice", 91, default), Stop));
        Assert.IsType<TransferAnswer.Synchronised>(await other.SyncAsync(new(default, "one", 92, [], epoch, default), Stop));
        Assert.IsType<TransferAnswer.Refused>(await PutAsync("admin", 11));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("admin", 12));
        Assert.Equal(["admin", "alice"], Known());
        // The set of the other opened an epoch for the other alone.
        Assert.Equal(_epoch, (await MeetAsync()).Epoch);
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 13));
        Assert.Equal(["alice"], Assert.IsType<TransferAnswer.Synchronised>(await other.SyncAsync(
            new(default, "one", 94, [Of("alice", 93)], Assert.IsType<TransferAnswer.IsAt>(await other.GetEpochAsync(Stop)).Epoch, default),
            Stop)).Except);
        Assert.Equal([], await SyncedAsync(14));
        Assert.Equal(["admin"], Known());
    }

    [Fact]
    public async Task A_full_Redis_takes_no_credential_and_still_hears_withdrawals()
    {
        await MeetAsync();
        Assert.IsType<TransferAnswer.Done>(await PutAsync("alice", 10));
        _redis.Server.ConfigSet("maxmemory", "1");
        Assert.IsType<TransferAnswer.Full>(await PutAsync("bob", 11));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("alice", 12));
        Assert.IsType<TransferAnswer.Done>(await DeleteAsync("nobody", 13));
        Assert.Equal([], Known());
    }

    [Fact]
    public async Task One_that_is_silent_away_or_of_another_password_is_no_answer_and_no_secret_is_logged()
    {
        using var stranger = ClientOf("edge1", "wrong-password");
        await MeetAsync();
        _redis.Database.Execute("CLIENT", "PAUSE", "600000", "ALL");
        using (var patience = new CancellationTokenSource(TimeSpan.FromMilliseconds(500)))
            Assert.IsType<TransferAnswer.Unreachable>(await PutAsync("alice", 10, stop: patience.Token));
        _redis.Stop();
        await Eventually.TrueAsync(async () => await _edge.GetEpochAsync(Stop) is TransferAnswer.Unreachable);
        _redis.Start();
        await MeetAsync();
        await Eventually.TrueAsync(async () =>
        {
            Assert.IsNotType<TransferAnswer.IsAt>(await stranger.GetEpochAsync(Stop));
            return _log.Lines.Any(line => line.StartsWith("Warning", StringComparison.Ordinal)
                && line.Contains("does not let this edge in", StringComparison.Ordinal));
        }, () => string.Join('\n', _log.Lines));
        Assert.DoesNotContain(_log.Lines, line => line.Contains(RedisProgram.Password, StringComparison.Ordinal)
            || line.Contains("wrong-password", StringComparison.Ordinal) || line.Contains("0a0a0a", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_access_list_of_the_documentation_is_enough()
    {
        const string documented = "~turn/* ~portunus/* +eval +evalsha +script|load +info +time +get +set +del +exists +expire +expireat "
            + "+hget +hset +zadd +zrem +zrange +zremrangebyscore +ping +echo";
        _redis.Database.Execute("ACL", ["SETUSER", "epcscf", "on", ">word", .. documented.Split(' ')]);
        using var client = ClientOf("edge3", "word", "epcscf");
        TransferAnswer? answer = null;
        await Eventually.TrueAsync(async () => (answer = await client.GetEpochAsync(Stop)) is TransferAnswer.IsAt,
            () => string.Join('\n', _log.Lines));
        var epoch = ((TransferAnswer.IsAt)answer!).Epoch;
        Assert.IsType<TransferAnswer.Done>(await client.PutAsync(new(default, "one", Of("alice", 10), epoch, default), Stop));
        Assert.IsType<TransferAnswer.Synchronised>(
            await client.SyncAsync(new(default, "one", 11, [Of("bob", 9)], epoch, default), Stop));
        Assert.Equal(["bob"], Known());
    }

    RedisClient ClientOf(string edge, string password = RedisProgram.Password, string? user = null) => new(
        new("one", Realm, new($"redis://127.0.0.1:{_redis.Port}/"))
        {
            Redis = new() { Edge = edge, Password = password, User = user },
        }, null, _log);

    /// <summary>As the machine does each second: asks for the epoch until there is an answer.</summary>
    async Task<TransferAnswer.IsAt> MeetAsync()
    {
        TransferAnswer? answer = null;
        await Eventually.TrueAsync(
            async () => (answer = await _edge.GetEpochAsync(Stop)) is TransferAnswer.IsAt, () => string.Join('\n', _log.Lines));
        var at = (TransferAnswer.IsAt)answer!;
        _epoch = at.Epoch;
        return at;
    }

    Task<TransferAnswer> PutAsync(string name, ulong number, long seconds = 600, ulong? epoch = null, CancellationToken? stop = null) =>
        _edge.PutAsync(new(default, "one", Of(name, number, seconds), epoch ?? _epoch, default), stop ?? Stop);

    Task<TransferAnswer> DeleteAsync(string name, ulong number) =>
        _edge.DeleteAsync(new(default, "one", Realm, name, number, default), Stop);

    /// <summary>A set that is taken in; what is said next is said in the epoch that it opens.</summary>
    async Task<IReadOnlyCollection<string>> SyncedAsync(ulong number, params PushedCredential[] set)
    {
        var done = Assert.IsType<TransferAnswer.Synchronised>(await SyncAsync(number, _epoch, set));
        _epoch = done.Epoch;
        return done.Except;
    }

    Task<TransferAnswer> SyncAsync(ulong number, ulong epoch, params PushedCredential[] set) =>
        _edge.SyncAsync(new(default, "one", number, [.. set], epoch, default), Stop);

    string? Key(string name) => _redis.Database.StringGet(NameOf(name));

    /// <summary>The users that coturn would find.</summary>
    string[] Known() => [.. _redis.Server.Keys(pattern: "turn/*", pageSize: 5000).Select(key => ((string)key!).Split('/')[4]).Order()];

    static string NameOf(string name) => $"turn/realm/{Realm}/user/{name}/key";

    static PushedCredential Of(string name, ulong number, long seconds = 600)
    {
        byte[] key = [.. Enumerable.Repeat((byte)10, 32)];
        return new(
            Realm, name, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)), LongTermKey.From(PasswordAlgorithm.Sha256, key),
            SystemClock.Now.UnixSeconds + seconds, $"reg-{name}", number, CredentialLimits.None);
    }
}
