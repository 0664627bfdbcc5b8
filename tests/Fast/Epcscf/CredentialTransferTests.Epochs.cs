using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

// A server that began anew, and the whole set that it is told.
public sealed partial class CredentialTransferTests
{
    [Fact]
    public void At_its_start_every_server_is_asked_for_its_epoch_and_told_an_empty_set()
    {
        var polls = Taken<TransferEffect.GetEpoch>();
        Assert.Equal(["turn1", "turn2"], polls.Select(p => p.Server));
        Answer(polls[0].Id, new TransferAnswer.IsAt(11));
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        Assert.Equal(("turn1", 11ul), (sync.Server, sync.Epoch));
        Assert.Empty(sync.Set);
    }

    [Fact]
    public void A_server_in_a_new_epoch_is_told_the_whole_set_and_acknowledges_with_it()
    {
        Found();
        Push("alice");
        AnswerAll<TransferEffect.Put>(new TransferAnswer.Done());
        Taken<TransferEffect.Acknowledged>();
        var push = Push("bob");
        var puts = Taken<TransferEffect.Put>();
        Answer(puts[0].Id, new TransferAnswer.Done());
        Answer(puts[1].Id, new TransferAnswer.WrongEpoch());
        Pass(0);
        Answer(Assert.Single(Taken<TransferEffect.GetEpoch>()).Id, new TransferAnswer.IsAt(99));
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        Assert.Equal(["alice", "bob"], sync.Set.Select(c => c.Username).Order());
        Assert.Equal(("turn2", 99ul), (sync.Server, sync.Epoch));
        Answer(sync.Id, new TransferAnswer.Synchronised(100, []));
        Assert.Equal([$"{push}: turn1 turn2"], Acknowledged());
    }

    [Fact]
    public void What_a_server_could_not_take_of_a_set_is_not_acknowledged()
    {
        Found(only: "turn1");
        Pass(500);
        Push("alice");
        Taken<TransferEffect.Put>();
        Pass(500);
        var poll = Taken<TransferEffect.GetEpoch>().Last(p => p.Server == "turn2");
        Answer(poll.Id, new TransferAnswer.IsAt(12));
        var push = Push("bob");
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        Answer(sync.Id, new TransferAnswer.Synchronised(100, ["alice"]));
        var puts = Taken<TransferEffect.Put>();
        Assert.Equal(["bob"], puts.Where(p => p.Server == "turn2").Select(p => p.Credential.Username));
        foreach (var put in puts) Answer(put.Id, new TransferAnswer.Refused());
        Assert.Contains($"{push}: ", Acknowledged());
    }

    [Fact]
    public void Nothing_is_said_before_the_set_is_taken_in_and_all_after_it_names_the_epoch_that_it_has_opened()
    {
        FindAll("turn1");
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        var push = Push("alice", "turn1");
        Assert.Equal([$"{push}: "], Acknowledged());
        Assert.Empty(Taken<TransferEffect.Put>());
        Answer(sync.Id, new TransferAnswer.Synchronised(77, []));
        var put = Assert.Single(Taken<TransferEffect.Put>());
        Assert.Equal(("alice", 77ul), (put.Credential.Username, put.Epoch));
        Assert.True(put.Credential.Sequence > sync.Sequence);
    }

    [Fact]
    public void A_poll_that_crossed_the_set_is_no_news_of_another_epoch()
    {
        FindAll("turn1");
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        Pass(1000);
        var poll = Taken<TransferEffect.GetEpoch>().Single(p => p.Server == "turn1");
        Answer(sync.Id, new TransferAnswer.Synchronised(77, []));
        // It was asked before the set opened 77, and answered before it, too.
        Answer(poll.Id, new TransferAnswer.IsAt(1));
        Assert.Empty(Taken<TransferEffect.Sync>());
        Pass(1000);
        Answer(Taken<TransferEffect.GetEpoch>().Single(p => p.Server == "turn1").Id, new TransferAnswer.IsAt(78));
        Assert.Equal(78ul, Assert.Single(Taken<TransferEffect.Sync>()).Epoch);
    }
}
