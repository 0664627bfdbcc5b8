using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Which statement of which edge holds at a TURN server, in whatever order they come.</summary>
public sealed class PushedCredentialsTests
{
    const string Realm = TurnStand.Realm;
    const long Begin = 1_800_000_000;
    const string Edge = "edge1.ims.example.net";
    const string Other = "edge2.ims.example.net";

    readonly PushedCredentials _table = new(Realm, new SeededRandom(7), new() { PerEdge = 3 });
    readonly List<string> _ended = [];
    Instant _now = Instant.FromUnixSeconds(Begin);

    [Fact]
    public void A_pushed_credential_is_found_by_its_name_and_by_its_hash()
    {
        Assert.Equal(PushResult.Created, Put("alice", 5).Result);
        Assert.True(UserHash.TryCompute("alice", Realm, out var hash));
        Assert.Equal("alice", _table.NameOf(hash.Span)!.ToString());
        Assert.Equal(5ul, Found("alice")!.Sequence);
        Assert.Null(Found("bob"));
        Assert.Null(_table.NameOf(new byte[32]));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    public void The_newer_statement_holds_and_the_older_is_told_what_stands_against_it()
    {
        Put("alice", 5, version: 1);
        Assert.Equal(PushResult.Kept, Put("alice", 7, version: 2).Result);
        Assert.Equal(new PushVerdict(PushResult.Older, 7), Put("alice", 6, version: 3));
        Assert.Equal(2, Version("alice"));
    }

    [Fact]
    public void The_same_statement_again_is_as_good_as_the_first_and_another_under_its_number_is_not()
    {
        Put("alice", 5, version: 1);
        Assert.Equal(PushResult.Kept, Put("alice", 5, version: 1).Result);
        Assert.Equal(PushResult.Older, Put("alice", 5, version: 2).Result);
        Assert.Equal(1, Version("alice"));
    }

    [Fact]
    public void A_withdrawal_ends_the_registration_and_nothing_older_brings_it_back()
    {
        Put("alice", 5);
        Assert.Equal(PushResult.Kept, Delete("alice", 6).Result);
        Assert.Equal(["reg-alice"], _ended);
        Assert.Null(Found("alice"));
        Assert.Equal(0, _table.Count);
        Assert.Equal(new PushVerdict(PushResult.Older, 6), Put("alice", 5));
        Assert.Equal(PushResult.Older, Put("alice", 6).Result);
        Assert.Equal(PushResult.Created, Put("alice", 7).Result);
    }

    [Fact]
    public void A_withdrawal_that_overtakes_its_push_is_remembered_until_no_push_before_it_can_be_good()
    {
        Delete("alice", 6);
        Assert.Equal(PushResult.Older, Put("alice", 5).Result);
        Pass(86_399);
        Assert.Equal(PushResult.Older, Put("alice", 5, expires: 86_400).Result);
        Pass(1);
        Assert.Equal(PushResult.Expired, Put("alice", 5, expires: 86_400).Result);
        _table.OnDeadline(_now, _ended);
        Assert.Null(_table.NextDeadline);
    }

    [Fact]
    public void What_ran_out_is_not_brought_back_by_an_older_statement_that_would_live_longer()
    {
        Put("alice", 6, expires: 100);
        Pass(100);
        Assert.Equal(PushResult.Older, Put("alice", 5, expires: 3600).Result);
        Assert.Null(Found("alice"));
    }

    [Fact]
    public void An_older_withdrawal_and_one_of_nothing_change_nothing()
    {
        Put("alice", 5);
        Assert.Equal(PushResult.Older, Delete("alice", 4).Result);
        Assert.NotNull(Found("alice"));
        Assert.Equal(PushResult.Kept, Delete("nobody", null).Result);
        Assert.Equal(PushResult.Created, Put("nobody", 1).Result);
    }

    [Fact]
    public void A_withdrawal_without_a_number_withdraws_what_is_known()
    {
        Put("alice", 5);
        Delete("alice", null);
        Assert.Null(Found("alice"));
        Assert.Equal(PushResult.Older, Put("alice", 5).Result);
        Assert.Equal(PushResult.Created, Put("alice", 6).Result);
    }

    [Fact]
    public void A_credential_counts_up_to_its_second_and_its_registration_ends_with_the_last_of_it()
    {
        Put("alice", 1, expires: 60, registration: "r");
        Put("alice2", 2, expires: 120, registration: "r");
        Pass(59);
        Assert.NotNull(Found("alice"));
        Pass(1);
        Assert.Null(Found("alice"));
        _table.OnDeadline(_now, _ended);
        Assert.Empty(_ended);
        Pass(60);
        _table.OnDeadline(_now, _ended);
        Assert.Equal(["r"], _ended);
    }

    [Fact]
    public void A_renewal_does_not_end_its_registration_and_a_change_of_registration_ends_the_old_one()
    {
        Put("alice", 1);
        Put("alice", 2);
        Assert.Empty(_ended);
        Put("alice", 3, registration: "another");
        Assert.Equal(["reg-alice"], _ended);
    }

    [Fact]
    public void A_username_belongs_to_the_edge_that_made_it()
    {
        Put("alice", 5);
        Assert.Equal(PushResult.Forbidden, Put("alice", 9, edge: Other).Result);
        Assert.Equal(PushResult.Forbidden, Delete("alice", 9, Other).Result);
        Assert.Equal(PushResult.Forbidden, Sync(9, [Credential("bob", 8), Credential("alice", 8)], edge: Other).Result);
        Assert.Null(Found("bob"));
        Assert.Equal(5ul, Found("alice")!.Sequence);
    }

    [Fact]
    public void An_edge_has_its_share_and_no_more_and_leaves_others_theirs()
    {
        foreach (var name in new[] { "a", "b", "c" }) Assert.Equal(PushResult.Created, Put(name, 1).Result);
        Assert.Equal(PushResult.Full, Put("d", 2).Result);
        Assert.Equal(PushResult.Kept, Put("a", 2).Result);
        Assert.Equal(PushResult.Created, Put("d", 2, edge: Other).Result);
        Assert.Equal(PushResult.Full, Sync(9, [.. "efgh".Select(c => Credential($"{c}", 8))]).Result);
        Delete("a", 3);
        Assert.Equal(PushResult.Created, Put("e", 4).Result);
    }

    [Fact]
    public void More_withdrawals_than_are_remembered_singly_become_one_number_and_none_is_forgotten()
    {
        foreach (var (name, sequence) in new[] { ("a", 11ul), ("b", 12ul), ("c", 13ul), ("d", 14ul) }) Delete(name, sequence);
        Assert.Null(_table.NextDeadline);
        foreach (var name in new[] { "a", "b", "c", "d" }) Assert.Equal(new PushVerdict(PushResult.Older, 14), Put(name, 10));
        Assert.Equal(PushResult.Created, Put("a", 15).Result);
    }

    [Fact]
    public void A_set_takes_the_place_of_all_that_was_said_whatever_its_number()
    {
        Put("old", 1);
        Put("kept", 2, version: 1);
        Put("higher", 20);
        Delete("gone", 3);
        Delete("back", 30);
        var set = Sync(10, [Credential("kept", 4, version: 2), Credential("new", 5), Credential("back", 6)]);
        Assert.Equal(PushResult.Kept, set.Result);
        Assert.Equal(["reg-old", "reg-higher"], _ended);
        Assert.Null(Found("old"));
        Assert.Equal(2, Version("kept"));
        Assert.NotNull(Found("new"));
        Assert.NotNull(Found("back"));
        Assert.Null(Found("higher"));
        Assert.Equal(PushResult.Older, Put("gone", 2).Result);
        Assert.Equal(new PushVerdict(PushResult.Older, 10), Put("old", 10));
        Assert.Equal(PushResult.Kept, Put("new", 5).Result);
    }

    [Fact]
    public void A_life_of_an_edge_begins_with_a_set_and_nothing_that_the_life_before_has_under_way_is_heard_after_it()
    {
        // Its clock was ahead, and its numbers with it; the server began anew just before, so that this is all it heard.
        var first = _table.EpochOf(Edge);
        Put("a", 900, epoch: first);
        var second = Sync(5, []).Epoch;
        Assert.Equal(second, _table.EpochOf(Edge));
        Assert.Null(Found("a"));
        Assert.Equal(PushResult.WrongEpoch, Put("b", 901, epoch: first).Result);
        Assert.Equal(PushResult.WrongEpoch, Sync(902, [Credential("a", 900)], epoch: first).Result);
        Assert.Equal(PushResult.Created, Put("c", 6, epoch: second).Result);
        // The same set again is one of an epoch that is over.
        Assert.Equal(PushResult.WrongEpoch, Sync(5, [], epoch: first).Result);
        Assert.NotNull(Found("c"));
    }

    [Fact]
    public void A_set_larger_than_a_portion_is_taken_in_whole_and_ends_as_many()
    {
        var table = new PushedCredentials(Realm, new SeededRandom(7));
        PushedCredential[] some = [.. Enumerable.Range(0, 2000).Select(i => Credential($"u{i}", 1))];
        table.Sync(_now, Edge, 2, some, table.EpochOf(Edge), _ended, []);
        Assert.Equal((2000, 0), (table.Count, _ended.Count));
        table.Sync(_now, Edge, 3, [.. some[1500..], Credential("one", 1)], table.EpochOf(Edge), _ended, []);
        Assert.Equal((501, 1500), (table.Count, _ended.Count));
    }

    [Fact]
    public void A_registration_whose_username_is_another_in_the_set_does_not_end()
    {
        Put("a", 1, registration: "r");
        Sync(3, [Credential("b", 2, registration: "r")]);
        Assert.Null(Found("a"));
        Assert.NotNull(Found("b"));
        Assert.Empty(_ended);
    }

    [Fact]
    public void An_empty_set_ends_all_of_its_edge_and_none_of_another()
    {
        Put("a", 1);
        Put("b", 1, edge: Other);
        Sync(5, []);
        Assert.Null(Found("a"));
        Assert.NotNull(Found("b"));
        Assert.Equal(["reg-a"], _ended);
    }

    [Fact]
    public void What_is_over_or_too_long_by_this_servers_clock_is_refused_alone_and_named_in_a_set()
    {
        Assert.Equal(PushResult.Expired, Put("a", 1, expires: 0).Result);
        Assert.Equal(PushResult.TooLong, Put("a", 1, expires: 86_401).Result);
        Put("b", 1);
        List<string> refused = [];
        var set = new[] { Credential("a", 2, expires: -5), Credential("b", 2, expires: 0), Credential("c", 2) };
        Assert.Equal(PushResult.Kept, _table.Sync(_now, Edge, 3, set, _table.EpochOf(Edge), _ended, refused).Result);
        Assert.Equal(["a", "b"], refused);
        Assert.Null(Found("b"));
        Assert.NotNull(Found("c"));
    }

    [Fact]
    public void What_was_meant_for_an_earlier_epoch_is_refused()
    {
        var epoch = _table.EpochOf(Edge);
        Assert.InRange(epoch, 1ul, 1ul << 53);
        Assert.NotEqual(epoch, new PushedCredentials(Realm, new SeededRandom(8)).EpochOf(Edge));
        Assert.NotEqual(epoch, _table.EpochOf(Other));
        Assert.Equal(PushResult.WrongEpoch, Put("a", 1, epoch: epoch + 1).Result);
        Assert.Equal(PushResult.WrongEpoch, Sync(1, [Credential("a", 1)], epoch: epoch - 1).Result);
        Assert.Null(Found("a"));
        Assert.Equal(PushResult.Created, Put("a", 1, epoch: epoch).Result);
    }

    [Fact]
    public void A_wall_clock_that_goes_back_lets_a_credential_live_on()
    {
        Put("a", 1, expires: 60);
        // 60 seconds go by, but the wall says 30.
        _now = new(_now.MonotonicTicks + (60 * TimeSpan.TicksPerSecond), _now.WallTicks + (30 * TimeSpan.TicksPerSecond));
        _table.OnDeadline(_now, _ended);
        Assert.NotNull(Found("a"));
        Assert.NotNull(_table.NextDeadline);
    }

    [Fact]
    public void The_verifier_gets_the_key_of_the_algorithm_the_registration_and_the_end()
    {
        Put("alice", 1, version: 7, expires: 60);
        Assert.True(_table.TryFind(_now, "alice"u8, PasswordAlgorithm.Sha256, out var found));
        Assert.Equal(PushedCredentials.SubjectOf("reg-alice"), found.Subject);
        Assert.Equal(_now + TimeSpan.FromSeconds(60), found.EndsAt);
        Assert.Null(found.Allowance);
        Assert.False(_table.TryFind(_now, "bob"u8, PasswordAlgorithm.Md5, out _));
        var limited = Credential("alice", 2) with { Limits = new() { MaxAllocations = 3, Peers = ["192.0.2.0/24"] } };
        _table.Put(_now, Edge, limited, null, _ended);
        Assert.True(_table.TryFind(_now, "alice"u8, PasswordAlgorithm.Md5, out found));
        Assert.Equal(3, found.Allowance?.MaxAllocations);
    }

    [Fact]
    public void Limits_that_are_none_change_nothing()
    {
        Put("a", 1);
        var wrong = Credential("a", 2) with { Limits = new() { Peers = ["everybody"] } };
        Assert.Throws<ArgumentException>(() => _table.Put(_now, Edge, wrong, null, _ended));
        Assert.Throws<ArgumentException>(() => Sync(3, [Credential("b", 2), wrong]));
        Assert.Null(Found("b"));
        Assert.Equal(1ul, Found("a")!.Sequence);
    }

    PushVerdict Put(
        string name, ulong sequence, int version = 1, long expires = 3600, string? registration = null, string edge = Edge,
        ulong? epoch = null) =>
        _table.Put(_now, edge, Credential(name, sequence, version, expires, registration), epoch, _ended);

    PushVerdict Delete(string name, ulong? sequence, string edge = Edge) => _table.Delete(_now, edge, name, sequence, _ended);

    PushVerdict Sync(ulong sequence, PushedCredential[] set, string edge = Edge, ulong? epoch = null) =>
        _table.Sync(_now, edge, sequence, set, epoch ?? _table.EpochOf(edge), _ended, []);

    PushedCredential? Found(string name) =>
        _table.TryFind(_now, Encoding.UTF8.GetBytes(name), out PushedCredential? credential) ? credential : null;

    int Version(string name) => Found(name)!.KeyMd5.Span[0];

    void Pass(int seconds) => _now += TimeSpan.FromSeconds(seconds);

    static PushedCredential Credential(
        string name, ulong sequence, int version = 1, long expires = 3600, string? registration = null)
    {
        byte[] key = [(byte)version, .. new byte[31]];
        return new(Realm, name, LongTermKey.From(PasswordAlgorithm.Md5, key.AsSpan(0, 16)),
            LongTermKey.From(PasswordAlgorithm.Sha256, key), Begin + expires, registration ?? $"reg-{name}", sequence,
            CredentialLimits.None);
    }
}
