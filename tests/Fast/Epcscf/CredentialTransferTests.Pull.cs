using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Tests.Fast.Epcscf;

// A credential that a server asks for.
public sealed partial class CredentialTransferTests
{
    [Fact]
    public void A_credential_that_is_pushed_to_nobody_is_kept_for_servers_that_ask_and_those_hear_what_is_said_of_it()
    {
        Found();
        var push = Keep("alice", 1);
        Assert.Equal([$"{push}: "], Acknowledged());
        Assert.Empty(Peek<TransferEffect.Put>());
        Assert.Null(Fetch("turn2", "bob"));
        Assert.Null(Fetch("turn2", "alice", "other.example.net"));
        Assert.Null(Fetch("turn9", "alice"));
        var fetched = Fetch("turn2", "alice")!;
        Assert.Equal("reg-alice", fetched.Registration);
        Assert.Empty(Peek<TransferEffect.Put>());
        // A refresh: who has it hears that it has more time, and nobody else.
        Keep("alice", 2);
        var renewal = Assert.Single(Taken<TransferEffect.Put>());
        Assert.Equal("turn2", renewal.Server);
        Assert.True(renewal.Credential.Sequence > fetched.Sequence);
        Answer(renewal.Id, new TransferAnswer.Done());
        _transfer.Withdraw(_now, Realm, "alice", 3);
        var withdrawal = Assert.Single(Taken<TransferEffect.Delete>());
        Assert.Equal("turn2", withdrawal.Server);
        Assert.True(withdrawal.Sequence > renewal.Credential.Sequence);
        Assert.Null(Fetch("turn1", "alice"));
        Answer(withdrawal.Id, new TransferAnswer.Done());
        Assert.Equal(0, _transfer.Withdrawing);
    }

    [Fact]
    public void What_nobody_fetched_is_forgotten_with_its_registration_and_its_late_push_is_not_begun()
    {
        Found();
        Keep("alice", 1);
        _transfer.Withdraw(_now, Realm, "alice", 3);
        Assert.Empty(Peek<TransferEffect.Delete>());
        Assert.Equal((0, 0), (_transfer.Withdrawing, _transfer.Credentials.Count()));
        Assert.False(TryPush("alice", 2, out _, "nobody"));
    }

    [Fact]
    public void While_a_set_is_under_way_a_server_that_asks_is_told_to_ask_again_and_what_has_run_out_is_not_told()
    {
        Keep("alice", 1);
        FindAll("turn1");
        var sync = Assert.Single(Taken<TransferEffect.Sync>());
        Assert.Empty(sync.Set);
        Assert.IsType<FetchAnswer.Later>(_transfer.Fetch(_now, "turn1", Realm, "alice"));
        Answer(sync.Id, new TransferAnswer.Synchronised(100, []));
        Assert.True(Fetch("turn1", "alice")!.Sequence > sync.Sequence);
        Assert.Empty(Peek<TransferEffect.Put>());
        // A server that began anew is told what it had fetched.
        Pass(1000);
        Answer(Taken<TransferEffect.GetEpoch>().Single(p => p.Server == "turn1").Id, new TransferAnswer.IsAt(99));
        Assert.Equal("alice", Assert.Single(Assert.Single(Taken<TransferEffect.Sync>()).Set).Username);
        _now = Instant.FromUnixSeconds(Begin + 3600);
        Assert.Null(Fetch("turn1", "alice"));
    }

    PushedCredential? Fetch(string server, string username, string realm = Realm)
    {
        var answer = _transfer.Fetch(_now, server, realm, username);
        if (answer is FetchAnswer.Told { Credential: var credential }) return credential;
        Assert.IsType<FetchAnswer.Unknown>(answer);
        return null;
    }

    AskId Keep(string username, ulong sequence)
    {
        Assert.True(TryPush(username, sequence, out var push, "nobody"));
        return push;
    }
}
