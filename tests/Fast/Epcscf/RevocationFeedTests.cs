using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>The revocation feed on its way: each server is told until it has answered, and again when it began anew.</summary>
public sealed class RevocationFeedTests
{
    const long Begin = 1_800_000_000;
    const string Realm = "ims.example.net";

    CredentialTransfer _transfer = new(new() { Servers = ["turn1", "turn2"], Credentials = 3 });
    int _sets;
    readonly Dictionary<string, ulong> _epochs = new() { ["turn1"] = 1, ["turn2"] = 2 };
    readonly List<string> _denied = [];
    readonly List<TransferEvent> _reported = [];
    Instant _now = Instant.FromUnixSeconds(Begin);

    /// <summary>What the servers say to a revocation; null: nothing.</summary>
    TransferAnswer? _says = new TransferAnswer.Done();

    public RevocationFeedTests() => Pass(2000);

    [Fact]
    public void Every_server_named_is_told_once()
    {
        Revoke("one", "turn1", "turn2", "nobody");
        Revoke("two", "turn2");
        Assert.Equal(["turn1 one", "turn2 one", "turn2 two"], _denied);
        Pass(10_000);
        Assert.Equal(3, _denied.Count);
    }

    [Fact]
    public void A_server_that_does_not_answer_is_told_after_each_poll_until_the_credentials_have_expired()
    {
        _says = null;
        Revoke("one", "turn1");
        Pass(10_000);
        Assert.InRange(_denied.Count, 5, 11);
        Pass(600_000);
        var last = _denied.Count;
        Assert.Equal(0, _transfer.Revocations);
        Pass(10_000);
        Assert.Equal(last, _denied.Count);
    }

    [Fact]
    public void A_server_that_began_anew_is_told_again_and_the_other_is_not()
    {
        Revoke("one", "turn1", "turn2");
        _denied.Clear();
        _epochs["turn1"] = 99;
        Pass(3000);
        Assert.Equal(["turn1 one"], _denied);
        Pass(10_000);
        Assert.Single(_denied);
    }

    [Fact]
    public void A_server_that_cannot_be_reached_is_told_when_it_is_back()
    {
        _epochs.Remove("turn2");
        // A poll, and as long as its answer may be late.
        Pass(6000);
        Revoke("one", "turn1", "turn2");
        Assert.Equal(["turn1 one"], _denied);
        _epochs["turn2"] = 2;
        Pass(2000);
        Assert.Equal(["turn1 one", "turn2 one"], _denied);
    }

    [Fact]
    public void A_server_without_room_is_told_again_and_one_without_the_feed_is_not()
    {
        _says = new TransferAnswer.Full();
        Revoke("one", "turn1");
        Pass(5000);
        Assert.InRange(_denied.Count, 4, 7);
        Assert.Contains(TransferEvent.ServerFull, _reported);
        _says = new TransferAnswer.Refused();
        Pass(2000);
        var told = _denied.Count;
        Pass(5000);
        Assert.Equal(told, _denied.Count);
        Assert.Contains(TransferEvent.Refused, _reported);
    }

    [Fact]
    public void A_pushed_credential_of_the_same_name_is_another_thing_and_both_share_the_room()
    {
        var keys = (LongTermKey.From(PasswordAlgorithm.Md5, new byte[16]), LongTermKey.From(PasswordAlgorithm.Sha256, new byte[32]));
        var pushed = new PushedCredential(Realm, "one", keys.Item1, keys.Item2, Begin + 600, "one", 1, CredentialLimits.None);
        Assert.True(_transfer.TryPush(_now, pushed, ["turn1"], _now + TimeSpan.FromSeconds(1), out _));
        Revoke("one", "turn1");
        Assert.NotNull(_transfer.Find(Realm, "one"));
        _transfer.Withdraw(_now, Realm, "one", 2);
        Drain();
        Assert.Equal((0, 1), (_transfer.Withdrawing, _transfer.Revocations));
        Revoke("two", "turn1");
        Revoke("three", "turn1");
        Assert.False(_transfer.TryRevoke(_now, Realm, "four", Begin + 600, ["turn1"]));
        // What is known is said for longer.
        Assert.True(_transfer.TryRevoke(_now, Realm, "three", Begin + 700, ["turn1"]));
        Pass(650_000);
        Assert.Equal(1, _transfer.Revocations);
    }

    [Fact]
    public void Who_tells_of_revocations_alone_tells_no_set_and_is_repeated_and_heard_again_all_the_same()
    {
        Assert.Equal(2, _sets);
        _transfer = new(new() { Servers = ["turn1"], TellsCredentials = false });
        _sets = 0;
        Pass(2000);
        _says = null;
        Revoke("one", "turn1");
        Pass(3000);
        Assert.InRange(_denied.Count, 2, 5);
        _says = new TransferAnswer.Done();
        Pass(2000);
        _denied.Clear();
        _epochs["turn1"] = 99;
        Pass(10_000);
        Assert.Equal(["turn1 one"], _denied);
        Assert.Equal(0, _sets);
    }

    void Revoke(string id, params string[] servers)
    {
        Assert.True(_transfer.TryRevoke(_now, Realm, id, Begin + 600, servers));
        Drain();
    }

    void Drain()
    {
        while (_transfer.TryTake(out var effect))
        {
            switch (effect)
            {
                case TransferEffect.GetEpoch poll when _epochs.TryGetValue(poll.Server, out var epoch):
                    _transfer.OnAnswer(_now, poll.Id, new TransferAnswer.IsAt(epoch));
                    break;
                case TransferEffect.Sync sync:
                    _sets++;
                    // The epoch that the set opens.
                    _epochs[sync.Server] = sync.Epoch + 1000;
                    _transfer.OnAnswer(_now, sync.Id, new TransferAnswer.Synchronised(sync.Epoch + 1000, []));
                    break;
                case TransferEffect.Put put:
                    _transfer.OnAnswer(_now, put.Id, new TransferAnswer.Done());
                    break;
                case TransferEffect.Delete delete:
                    _transfer.OnAnswer(_now, delete.Id, new TransferAnswer.Done());
                    break;
                case TransferEffect.Revoke revoke:
                    Assert.Equal(Realm, revoke.Realm);
                    _denied.Add($"{revoke.Server} {revoke.Revoked}");
                    if (_says is not null) _transfer.OnAnswer(_now, revoke.Id, _says);
                    break;
                case TransferEffect.Audit audit:
                    _reported.Add(audit.Event);
                    break;
            }
        }
    }

    void Pass(int milliseconds)
    {
        var end = _now + TimeSpan.FromMilliseconds(milliseconds);
        while (_transfer.NextDeadline is { } due && due <= end)
        {
            if (due > _now) _now = due;
            _transfer.OnDeadline(_now);
            Drain();
        }

        _now = end;
    }
}
