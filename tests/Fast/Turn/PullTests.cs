using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Approach 2, pull: the TURN server asks the edges for a name that nobody made known to it.</summary>
public sealed class PullTests
{
    const string Realm = TurnStand.Realm;
    const string Edge = "edge1.ims.example.net";

    static readonly TimeSpan Deadline = TurnStand.Ordinary.FindCredentialDeadline;

    readonly PushedCredentials _table = new(Realm, new SeededRandom(7));
    readonly TurnStand _stand;

    public PullTests() => _stand = New(_table);

    [Fact]
    public void An_Allocate_under_a_name_that_an_edge_knows_asks_once_and_is_served()
    {
        _stand.Edges = Tells(("w1", "secret"));
        var client = Client("w1", "secret");
        Assert.Equal(StunClass.Success, client.Allocate().Class);
        Assert.Equal(["w1"], _stand.Sought);
        Assert.Single(_stand.Asked);
        // Another five-tuple under the same name asks nobody: what was told is kept until its expiry.
        Assert.Equal(StunClass.Success, Client("w1", "secret", 2).Allocate().Class);
        Assert.Equal(["w1"], _stand.Sought);
        Assert.Equal(StunClass.Success, client.Refresh(600).Class);
        _stand.Pass(601);
        Assert.Equal(401, Client("w1", "wrong", 3).Allocate().Code);
        Assert.Equal(["w1", "w1"], _stand.Sought);
    }

    [Fact]
    public void Nobody_is_asked_before_a_nonce_that_is_ours_fresh_and_bound_to_its_source()
    {
        var client = Client("w1", "secret");
        Assert.Equal(401, client.Bare(StunMethod.Allocate).Code);
        client.Nonce = new byte[40];
        Assert.Equal(438, client.Allocate().Code);
        client.Nonce = Client("w1", "secret", 2).Bare(StunMethod.Allocate).Nonce;
        Assert.Equal(438, client.Allocate().Code);
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        _stand.Pass(3601);
        Assert.Equal(438, client.Allocate().Code);
        client.Nonce = null;
        client.Realm = "another.example.net";
        Assert.Equal(401, client.Allocate().Code);
        Assert.Empty(_stand.Sought);
    }

    [Fact]
    public void Only_an_Allocate_asks_and_only_for_a_name_that_an_edge_could_have_made()
    {
        var client = Client("w1", "secret");
        Assert.Equal(401, client.Refresh(600).Code);
        Assert.Equal(401, client.Permit("9.9.9.9:9").Code);
        Assert.Equal(401, client.Bind(0x4000, "9.9.9.9:9").Code);
        foreach (var name in new[] { "1800000600:4f9c2d7e1b6a", "alice@example.net", "a/../b", new string('a', 129), "jürgen" })
            Assert.Equal(401, Client(name, "secret").Allocate().Code);
        // Whom this server knows itself, with a right password or a wrong one.
        Put("w2", "secret");
        Assert.Equal(401, Client("w2", "wrong").Allocate().Code);
        Assert.Equal(StunClass.Success, Client("w2", "secret", 5).Allocate().Class);
        Assert.Empty(_stand.Sought);
    }

    [Fact]
    public void A_name_that_all_edges_disclaim_is_not_asked_for_again_for_five_seconds()
    {
        _stand.Edges = _ => new TurnAnswer.CredentialUnknown();
        Assert.Equal(401, Client("w1", "secret").Allocate().Code);
        Assert.Equal(401, Client("w1", "secret", 2).Allocate().Code);
        Assert.Equal(["w1"], _stand.Sought);
        _stand.Pass(5);
        _stand.Edges = Tells(("w1", "secret"));
        Assert.Equal(StunClass.Success, Client("w1", "secret", 3).Allocate().Class);
        Assert.Equal(["w1", "w1"], _stand.Sought);
    }

    [Fact]
    public void Silence_until_the_deadline_is_answered_401_and_is_not_remembered()
    {
        var client = Client("w1", "secret");
        Assert.Equal(DropReason.Asked, client.Allocate().Forward.Reason);
        // The client was impatient: one question for a five-tuple.
        Assert.Equal(DropReason.Asked, client.Allocate().Forward.Reason);
        Assert.Equal(DropReason.Asked, client.Allocate().Forward.Reason);
        Assert.Equal(["w1"], _stand.Sought);
        Assert.Empty(_stand.Pass(Deadline - TimeSpan.FromMilliseconds(1)));
        Assert.Equal(401, Assert.Single(_stand.Pass(TimeSpan.FromMilliseconds(1))).Code);
        // The edge is back, and what was known here was served all the time.
        _stand.Edges = Tells(("w1", "secret"));
        Assert.Equal(StunClass.Success, client.Allocate().Class);
    }

    [Fact]
    public void An_edge_that_cannot_be_reached_is_answered_at_once_and_not_remembered()
    {
        _stand.Edges = _ => new TurnAnswer.CredentialUnavailable();
        var client = Client("w1", "secret");
        Assert.Equal(401, client.Allocate().Code);
        Assert.Equal(401, client.Allocate().Code);
        Assert.Equal(2, _stand.Sought.Count());
    }

    [Fact]
    public void A_late_answer_changes_nothing()
    {
        var client = Client("w1", "secret");
        client.Allocate();
        var ask = _stand.Effects.OfType<TurnEffect.Ask>().Single();
        _stand.Pass(Deadline);
        var late = _stand.Answer(ask.Id, new TurnAnswer.CredentialUnknown());
        Assert.Equal(DropReason.Nothing, late.Forward.Reason);
        _stand.Edges = Tells(("w1", "secret"));
        Assert.Equal(StunClass.Success, client.Allocate().Class);
    }

    [Fact]
    public void An_edge_that_says_found_and_tells_nothing_is_not_asked_in_a_ring()
    {
        _stand.Edges = _ => new TurnAnswer.CredentialFound();
        Assert.Equal(401, Client("w1", "secret").Allocate().Code);
        Assert.Single(_stand.Sought);
    }

    [Fact]
    public void The_end_of_a_registration_ends_what_was_allocated_with_a_fetched_credential()
    {
        _stand.Edges = Tells(("w1", "secret"));
        var client = Client("w1", "secret");
        client.Allocate();
        List<string> ended = [];
        _table.Delete(_stand.Now, Edge, "w1", 100, ended);
        Assert.Equal(["reg-w1"], ended);
        _stand.Order(new TurnOrder.Revoke([PushedCredentials.SubjectOf("reg-w1")]));
        Assert.Single(_stand.Closed);
        // An answer of before the withdrawal, which comes after it, brings nothing back.
        Assert.Equal(401, Client("w1", "secret", 2).Allocate().Code);
    }

    [Fact]
    public void One_source_that_guesses_names_is_soon_not_asked_for_and_others_are()
    {
        _stand.Edges = _ => new TurnAnswer.CredentialUnknown();
        for (var i = 0; i < 200; i++) Assert.Equal(401, Client($"guess{i}", "x", i).Allocate().Code);
        Assert.Equal(UnknownNames.MostPerSource, _stand.Sought.Count());
        _stand.Edges = Tells(("w1", "secret"));
        Assert.Equal(StunClass.Success, new TurnClient(_stand, "203.0.113.78:1", "w1", "secret").Allocate().Class);
        _stand.Pass(5);
        Assert.Equal(StunClass.Success, Client("w1", "secret", 201).Allocate().Class);
    }

    [Fact]
    public void A_subscriber_of_IPv6_is_one_source_with_all_the_addresses_of_its_prefix()
    {
        _stand.Edges = _ => new TurnAnswer.CredentialUnknown();
        for (var i = 0; i < 100; i++)
            Assert.Equal(401, At($"[2001:db8:0:7::{i + 1:x}]:4000", $"guess{i}").Allocate().Code);
        Assert.Equal(UnknownNames.MostPerSource, _stand.Sought.Count());
        At("[2001:db8:0:8::1]:4000", "another").Allocate();
        Assert.Equal("another", _stand.Sought.Last());
    }

    [Fact]
    public void Edges_are_asked_no_more_than_so_often_in_a_second_and_what_is_beyond_is_dropped()
    {
        var stand = New(_table, TurnStand.Ordinary with { QuestionsPerSecond = 3 });
        for (var i = 0; i < 3; i++)
            Assert.Equal(DropReason.Asked, new TurnClient(stand, $"203.0.113.{i}:4000", $"w{i}").Allocate().Forward.Reason);
        var fourth = new TurnClient(stand, "203.0.113.9:4000", "w9");
        Assert.Equal(DropReason.TooManyQuestions, fourth.Allocate().Forward.Reason);
        stand.Pass(1);
        Assert.Equal(DropReason.Asked, fourth.Allocate().Forward.Reason);
    }

    [Fact]
    public void A_full_table_of_searches_drops_and_static_users_are_served_beside_it()
    {
        var stand = new TurnStand(
            TurnStand.Ordinary with { QuestionsPerSecond = 10_000 },
            new CredentialVerifier(new CredentialSources
            {
                Realm = Realm, Users = [new("alice", "wonderland")], Pushed = _table, AsksEdges = true,
            }));
        for (var i = 0; i < 1024; i++)
            Assert.Equal(DropReason.Asked, new TurnClient(stand, $"203.0.113.7:{i + 1}", $"w{i}").Allocate().Forward.Reason);
        Assert.Equal(
            DropReason.TooManyQuestions, new TurnClient(stand, "203.0.113.7:2000", "w2000").Allocate().Forward.Reason);
        Assert.Equal(StunClass.Success, new TurnClient(stand).Allocate().Class);
        // Every one of them is answered at the deadline.
        Assert.Equal(1024, stand.Pass(Deadline).Count(reply => reply.Code == 401));
    }

    [Fact]
    public void Clients_of_a_server_that_asks_are_not_told_to_hide_their_names()
    {
        var challenge = Client("w1", "secret").Bare(StunMethod.Allocate);
        Assert.False(challenge.Features.HasFlag(SecurityFeatures.UsernameAnonymity));
        var client = Client("w1", "secret", 2);
        client.ByHash = true;
        Assert.Equal(401, client.Allocate().Code);
        Assert.Empty(_stand.Sought);
    }

    [Fact]
    public void Edges_to_ask_and_no_table_for_what_they_tell_is_a_mistake() =>
        Assert.Throws<ArgumentException>(() => new CredentialVerifier(new CredentialSources { Realm = Realm, AsksEdges = true }));

    [Fact]
    public void Whatever_edges_answer_and_clients_send_a_five_tuple_has_one_question_and_nobody_is_served_without_a_password()
    {
        var step = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 7], Gen.Int[0, 7], Gen.Int[0, 1500]);
        step.Array[1, 60].Sample(steps =>
        {
            var table = new PushedCredentials(Realm, new SeededRandom(7));
            var stand = New(table);
            List<(AskId Id, FiveTuple Tuple, string Name)> open = [];
            var sequence = 0ul;
            foreach (var (what, who, name, milliseconds) in steps)
            {
                var client = Client($"w{name}", what == 1 ? "wrong" : "secret", who, stand);
                var before = stand.Effects.Count;
                if (what <= 2)
                {
                    var reply = client.Allocate();
                    var asked = stand.Effects.Skip(before).OfType<TurnEffect.Ask>()
                        .Where(ask => ask.Question is TurnQuestion.FindCredential).ToArray();
                    if (asked is [var ask])
                    {
                        Assert.DoesNotContain(open, question => question.Tuple == client.Path.FiveTuple);
                        open.Add((ask.Id, client.Path.FiveTuple, $"w{name}"));
                    }

                    if (what == 1) Assert.NotEqual(StunClass.Success, Outcome(reply));
                }
                else if (what == 3 && open.Count > 0)
                {
                    var question = open[who % open.Count];
                    open.Remove(question);
                    if (name < 4) Put(question.Name, "secret", table, stand, ++sequence);
                    stand.Answer(question.Id, name < 4 ? new TurnAnswer.CredentialFound() : new TurnAnswer.CredentialUnknown());
                }
                else if (what == 4)
                {
                    List<string> ended = [];
                    table.Delete(stand.Now, Edge, $"w{name}", ++sequence, ended);
                    stand.Order(new TurnOrder.Revoke([.. ended.Select(PushedCredentials.SubjectOf)]));
                    // What was withdrawn is not relayed for.
                    Assert.DoesNotContain(
                        stand.Ledger.Sessions(), s => s.Subject == PushedCredentials.SubjectOf($"reg-w{name}"));
                }
                else
                {
                    stand.Pass(TimeSpan.FromMilliseconds(milliseconds));
                    // At its deadline a question is over, whoever is silent.
                    var now = stand.Now;
                    open.RemoveAll(q => stand.Effects.OfType<TurnEffect.Ask>().Single(a => a.Id == q.Id).Deadline <= now);
                }
            }

            stand.Pass(Deadline);
            Assert.True(stand.Server.NextDeadline is null || stand.Ledger.Sessions().Length > 0);
        }, iter: 1000);
    }

    static StunClass? Outcome(TurnReply reply) => reply.Forward.Kind == ForwardKind.Drop ? null : reply.Class;

    static TurnStand New(PushedCredentials table, TurnSettings? settings = null) => new(
        settings, new CredentialVerifier(new CredentialSources { Realm = Realm, Pushed = table, AsksEdges = true }));

    TurnClient Client(string name, string password, int number = 0, TurnStand? stand = null) =>
        new(stand ?? _stand, $"203.0.113.77:{40000 + number}", name, password);

    TurnClient At(string address, string name) => new(_stand, address, name)
    {
        Path = new(new(TurnStand.IP(address), TurnStand.IP("[2620:fe::9]:3478"), ClientTransport.Udp), 0),
    };

    /// <summary>An edge that knows these, and no others.</summary>
    Func<TurnQuestion.FindCredential, TurnAnswer?> Tells(params (string Name, string Password)[] known) => question =>
    {
        if (known.FirstOrDefault(one => one.Name == question.Username) is not { Name: { } name, Password: var password })
            return new TurnAnswer.CredentialUnknown();
        Put(name, password);
        return new TurnAnswer.CredentialFound();
    };

    void Put(string name, string password) => Put(name, password, _table, _stand, 1);

    static void Put(string name, string password, PushedCredentials table, TurnStand stand, ulong sequence)
    {
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, name, Realm, password, out var md5));
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Sha256, name, Realm, password, out var sha256));
        table.Put(
            stand.Now, Edge,
            new(Realm, name, md5, sha256, stand.Now.UnixSeconds + 600, $"reg-{name}", sequence, CredentialLimits.None), null, []);
    }
}
