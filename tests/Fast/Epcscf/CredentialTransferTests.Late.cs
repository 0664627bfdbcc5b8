using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

// Answers that come late, as they do over connections that lose segments.
public sealed partial class CredentialTransferTests
{
    [Fact]
    public void An_acknowledgement_that_comes_late_counts_and_nothing_is_said_again()
    {
        Found();
        _asksAgain = true;
        var push = Push("alice");
        var puts = Taken<TransferEffect.Put>();
        Pass(500);
        Assert.Equal([$"{push}: "], Acknowledged());
        Pass(600);
        foreach (var put in puts) Answer(put.Id, new TransferAnswer.Done());
        FindAll();
        Assert.Empty(Taken<TransferEffect.Put>());
        push = Push("alice");
        Assert.Equal([$"{push}: turn1 turn2"], Acknowledged());
        Assert.Empty(Taken<TransferEffect.Put>());
    }

    [Fact]
    public void Who_asks_again_waits_for_what_is_late_and_it_is_not_said_twice()
    {
        Found(settings: s => s with { Servers = ["turn1"] });
        _asksAgain = true;
        Push("alice");
        var put = Assert.Single(Taken<TransferEffect.Put>());
        Pass(500);
        Assert.Single(Acknowledged());
        Pass(400);
        var push = Push("alice");
        Assert.Empty(Taken<TransferEffect.Put>());
        Assert.Empty(Acknowledged());
        Pass(250);
        Answer(put.Id, new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn1"], Acknowledged());
    }

    [Fact]
    public void A_late_acknowledgement_of_something_older_names_nobody()
    {
        Found(settings: s => s with { Servers = ["turn1"] });
        Push("alice");
        var old = Assert.Single(Taken<TransferEffect.Put>());
        Pass(500);
        Assert.Single(Acknowledged());
        var push = Push("alice");
        var renewed = Assert.Single(Taken<TransferEffect.Put>());
        Answer(old.Id, new TransferAnswer.Done());
        Assert.Empty(Acknowledged());
        Answer(renewed.Id, new TransferAnswer.Done());
        Assert.Equal([$"{push}: turn1"], Acknowledged());
    }

    [Fact]
    public void A_late_acknowledgement_of_another_epoch_names_nobody()
    {
        Found(settings: s => s with { Servers = ["turn1"] });
        _asksAgain = true;
        Push("alice");
        var put = Assert.Single(Taken<TransferEffect.Put>());
        Pass(1000);
        Answer(Taken<TransferEffect.GetEpoch>()[^1].Id, new TransferAnswer.IsAt(200));
        AnswerAll<TransferEffect.Sync>(new TransferAnswer.Synchronised(201, ["alice"]));
        Assert.Single(Acknowledged());
        Answer(put.Id, new TransferAnswer.Done());
        var push = Push("alice");
        Pass(500);
        Assert.Equal([$"{push}: "], Acknowledged());
    }

    [Fact]
    public void A_server_that_misses_a_poll_is_told_all_the_same_but_not_waited_for_until_it_says_something()
    {
        Found(settings: s => s with { Servers = ["turn1"] });
        _asksAgain = true;
        Pass(1500);
        var push = Push("alice");
        Assert.Equal([$"{push}: "], Acknowledged());
        var put = Assert.Single(Taken<TransferEffect.Put>());
        Pass(600);
        Answer(put.Id, new TransferAnswer.Done());
        push = Push("alice");
        Assert.Equal([$"{push}: turn1"], Acknowledged());
        Push("bob");
        Assert.Single(Taken<TransferEffect.Put>());
        Assert.Empty(Acknowledged());
        Assert.DoesNotContain(Peek<TransferEffect.Audit>(), a => a.Event == TransferEvent.ServerLost);
    }

    [Fact]
    public void A_server_that_is_silent_until_an_answer_could_not_be_late_any_more_is_lost_and_told_nothing()
    {
        Found(settings: s => s with { Servers = ["turn1"] });
        Pass(1000 + 500 + 4000);
        Assert.Single(Taken<TransferEffect.Audit>(), a => a.Event == TransferEvent.ServerLost);
        Push("alice");
        Assert.Empty(Taken<TransferEffect.Put>());
        Pass(1000);
        FindAll();
        Assert.Single(Taken<TransferEffect.Put>());
    }

    [Fact]
    public void What_is_late_is_bounded_with_what_is_under_way()
    {
        Found(settings: s => s with { Servers = ["turn1"], Parallel = 3 });
        for (var i = 0; i < 8; i++) Push($"user{i}");
        Assert.Equal(3, Taken<TransferEffect.Put>().Length);
        Pass(600);
        Assert.Empty(Taken<TransferEffect.Put>());
        Pass(4000);
        Assert.Equal(3, Taken<TransferEffect.Put>().Length);
    }
}
