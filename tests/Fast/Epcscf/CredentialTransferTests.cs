using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

/// <summary>What the edge says to its TURN servers, and when it says to a WIC that they know its credential.</summary>
public sealed partial class CredentialTransferTests
{
    const long Begin = 1_800_000_000;
    const string Realm = "ims.example.net";

    readonly List<TransferEffect> _effects = [];
    CredentialTransfer _transfer;
    bool _isBegun;
    Instant _now = Instant.FromUnixSeconds(Begin);

    public CredentialTransferTests() => _transfer = New();

    [Fact]
    public void A_push_goes_to_all_servers_at_once_and_is_acknowledged_when_all_have_answered()
    {
        Found();
        var push = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        Assert.Equal(["turn1", "turn2"], puts.Select(p => p.Server));
        Assert.Single(puts.Select(p => p.Credential.Sequence).Distinct());
        Answer(puts[1].Id, new TransferAnswer.Done());
        Assert.Empty(Taken<TransferEffect.Acknowledged>());
        Answer(puts[0].Id, new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn1 turn2"], Acknowledged());
    }

    [Fact]
    public void Only_the_servers_of_a_push_hear_of_it_and_all_that_ever_heard_of_a_name_hear_of_its_end()
    {
        Found();
        var push = Push("alice", "turn2", "nobody");
        Assert.Equal("turn2", Assert.Single(Peek<TransferEffect.Put>()).Server);
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn2"], Acknowledged());
        push = Push("alice", "turn1");
        Assert.Equal(["turn1", "turn2"], Peek<TransferEffect.Put>().Select(p => p.Server));
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn1"], Acknowledged());
        _transfer.Withdraw(_now, Realm, "alice", 0);
        Assert.Equal(["turn1", "turn2"], Peek<TransferEffect.Delete>().Select(d => d.Server));
        AnswerAll<TransferEffect.Delete>(new TransferAnswer.Done());
        Assert.Equal(0, _transfer.Withdrawing);
        push = Push("bob", "nobody");
        Assert.Equal([$"{push}: "], Acknowledged());
    }

    [Fact]
    public void At_the_deadline_those_are_named_that_answered_and_one_that_never_answers_hears_it_again()
    {
        Found();
        var push = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        Answer(puts[0].Id, new TransferAnswer.Done());
        Pass(500);
        Assert.Equal([$"{push}: turn1"], Acknowledged());
        // The statement is made again, in the same words.
        Pass(500);
        FindAll();
        var again = Assert.Single(Taken<TransferEffect.Put>());
        Assert.Equal(puts[1].Credential, again.Credential);
        Assert.Equal("turn2", again.Server);
    }

    [Fact]
    public void When_nobody_waits_any_longer_those_are_named_that_answered()
    {
        Found();
        var push = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        Answer(puts[1].Id, new TransferAnswer.Done());
        _transfer.Conclude(push);
        Assert.Equal([$"{push}: turn2"], Acknowledged());
        Answer(puts[0].Id, new TransferAnswer.Done());
        _transfer.Conclude(push);
        Assert.Empty(Acknowledged());
    }

    [Fact]
    public void A_server_that_answers_no_poll_is_not_waited_for()
    {
        Found(only: "turn1");
        Pass(500);
        var push = Push("alice");
        Answer(Assert.Single(Taken<TransferEffect.Put>()).Id, new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn1"], Acknowledged());
    }

    [Fact]
    public void Without_any_server_a_push_is_answered_at_once_and_names_none()
    {
        var push = Push("alice");
        Assert.Equal([$"{push}: "], Acknowledged());
    }

    [Fact]
    public void A_withdrawal_is_repeated_until_every_server_has_answered()
    {
        Found();
        Push("alice");
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        _transfer.Withdraw(_now, Realm, "alice", 0);
        var deletes = Taken<TransferEffect.Delete>();
        Assert.Equal(["turn1", "turn2"], deletes.Select(d => d.Server));
        Answer(deletes[0].Id, new TransferAnswer.Done());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1, _transfer.Withdrawing);
            Pass(1000);
            FindAll();
            var again = Assert.Single(Taken<TransferEffect.Delete>());
            Assert.Equal(("turn2", deletes[1].Sequence), (again.Server, again.Sequence));
            if (i == 4) Answer(again.Id, new TransferAnswer.Done());
        }

        Assert.Equal(0, _transfer.Withdrawing);
        Pass(1000);
        FindAll();
        Assert.Empty(Taken<TransferEffect.Delete>());
    }

    [Fact]
    public void A_withdrawal_that_nobody_hears_is_given_up_when_the_credential_has_run_out()
    {
        Found();
        Push("alice");
        _transfer.Withdraw(_now, Realm, "alice", 0);
        Pass(3_600_000);
        Assert.Equal(0, _transfer.Withdrawing);
        Assert.Empty(_transfer.Credentials);
    }

    [Fact]
    public void A_push_that_comes_to_the_machine_after_its_withdrawal_is_not_begun()
    {
        Found();
        _transfer.Withdraw(_now, Realm, "alice", 8);
        Assert.False(TryPush("alice", 7, out _));
        Assert.True(TryPush("alice", 9, out _));
        Assert.False(TryPush("alice", 8, out _));
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        _transfer.Withdraw(_now, Realm, "alice", 10);
        AnswerAll<TransferEffect.Delete>(new TransferAnswer.Done());
        Assert.False(TryPush("alice", 9, out _));
        Assert.Empty(_transfer.Credentials);
    }

    [Fact]
    public void A_withdrawal_during_a_push_answers_it_with_nobody_and_goes_out_after_it()
    {
        Found();
        var push = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        _transfer.Withdraw(_now, Realm, "alice", 0);
        Assert.Equal([$"{push}: "], Acknowledged());
        Assert.Empty(Taken<TransferEffect.Delete>());
        Answer(puts[0].Id, new TransferAnswer.Done());
        var delete = Assert.Single(Taken<TransferEffect.Delete>());
        Assert.True(delete.Sequence > puts[0].Credential.Sequence);
    }

    [Fact]
    public void A_renewal_overtakes_the_push_before_it_and_only_the_new_keys_are_acknowledged()
    {
        Found();
        var first = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        var second = Push("alice");
        Assert.Equal([$"{first}: "], Acknowledged());
        Answer(puts[0].Id, new TransferAnswer.Done());
        Answer(puts[1].Id, new TransferAnswer.Done());
        Assert.Empty(Taken<TransferEffect.Acknowledged>());
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Assert.Equal([$"{second}: turn1 turn2"], Acknowledged());
    }

    [Fact]
    public void A_number_that_stands_against_a_statement_is_gone_above()
    {
        Found();
        Push("alice");
        var high = ((ulong)Begin + 500) * 1_000_000;
        Answer(Taken<TransferEffect.Put>()[0].Id, new TransferAnswer.Older(high));
        Assert.Equal(high + 1, Assert.Single(Taken<TransferEffect.Put>()).Credential.Sequence);
    }

    [Fact]
    public void A_full_server_is_not_named_and_is_tried_again_but_not_besieged()
    {
        Found(settings: s => s with { Parallel = 2 });
        for (var i = 0; i < 10; i++) Push($"user{i}");
        var puts = Taken<TransferEffect.Put>();
        Assert.Equal(4, puts.Length);
        foreach (var put in puts.Where(p => p.Server == "turn1")) Answer(put.Id, new TransferAnswer.Full());
        Assert.Empty(Taken<TransferEffect.Put>());
        Assert.Single(_effects.OfType<TransferEffect.Audit>(), a => a.Event == TransferEvent.ServerFull);
        _transfer.Withdraw(_now, Realm, "user9", 0);
        Assert.Equal("turn1", Assert.Single(Taken<TransferEffect.Delete>()).Server);
    }

    [Fact]
    public void No_more_is_under_way_to_a_server_than_its_bound_and_the_rest_follows_in_order()
    {
        Found(settings: s => s with { Parallel = 3, Servers = ["turn1"] });
        for (var i = 0; i < 8; i++) Push($"user{i}");
        List<string> order = [];
        while (Taken<TransferEffect.Put>() is { Length: > 0 and <= 3 } puts)
            foreach (var put in puts)
            {
                order.Add(put.Credential.Username);
                Answer(put.Id, new TransferAnswer.Done());
            }

        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"user{i}"), order);
    }

    [Fact]
    public void What_there_is_no_room_for_is_not_begun()
    {
        Found(settings: s => s with { Credentials = 2, Asks = 1 });
        Push("a");
        Assert.False(TryPush("b", out _));
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Push("b");
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Assert.False(TryPush("c", out _));
        Assert.Equal(2, _transfer.Credentials.Count());
    }

    [Fact]
    public void Settings_that_cannot_work_are_refused_in_sentences()
    {
        var refused = Assert.Throws<ArgumentException>(
            () => new CredentialTransfer(Settings with { Servers = ["a", "A"], Asks = 0 }));
        Assert.Contains("named twice", refused.Message, StringComparison.Ordinal);
        Assert.Contains("at least 1", refused.Message, StringComparison.Ordinal);
    }
}
