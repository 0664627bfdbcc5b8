using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>First denied in the ledger, then ended on every worker.</summary>
public class RevocationTests
{
    static readonly SharedSecret Secret = TurnStand.Secret("north");

    [Fact]
    public void What_lives_on_a_revoked_id_ends_at_once_on_every_worker_and_only_that()
    {
        var ledger = new TurnLedger(TurnStand.Ordinary);
        TurnStand[] workers = [TokenClient.Stand(ledger: ledger), TokenClient.Stand(ledger: ledger, worker: 1)];
        var hers = TokenClient.Mint(workers[0].Now, id: "grant001");
        var his = TokenClient.Mint(workers[0].Now, id: "grant002");
        var clients = workers.SelectMany(worker => new[] { hers, his }.Select((minted, i) =>
            new TokenClient(worker, $"203.0.113.{i}:1").Take(minted))).ToArray();
        Assert.All(clients, client => Assert.Equal(0, client.Allocate().Code));

        var subject = TokenClient.Subject("grant001");
        Assert.True(ledger.TryDeny(workers[0].Now, subject, workers[0].Now + TimeSpan.FromHours(1)));
        foreach (var worker in workers) worker.Order(new TurnOrder.Revoke([subject]));

        Assert.All(workers, worker => Assert.Equal(AllocationEnd.Revoked, Assert.Single(Ends(worker)).Reason));
        Assert.Equal(0, ledger.Charged(subject));
        Assert.Equal([401, 0, 401, 0], clients.Select(client => client.Refresh().Code));
        Assert.Equal(401, new TokenClient(workers[0], "203.0.113.9:9").Take(hers).Allocate().Code);
        // Nor with a later token of the same grant.
        var later = TokenClient.Mint(workers[0].Now, TokenClient.Second, id: "grant001");
        Assert.Equal(401, new TokenClient(workers[1], "203.0.113.9:9").Take(later).Allocate().Code);
    }

    [Fact]
    public void An_id_is_revoked_whatever_kind_of_credential_was_made_for_it()
    {
        var stand = new TurnStand(verifier: TurnStand.Users(Secret));
        var minted = TimeLimitedCredential.Mint(Secret, stand.Now.UnixSeconds + 600, "4f9c2d7e1b6a");
        var client = new TurnClient(stand, username: minted.Username, password: minted.Password);
        client.Allocate();
        Revoke(stand, Subject.OfId("4f9c2d7e1b6a"));
        Assert.Single(Ends(stand));
        Assert.Equal(401, client.Refresh().Code);
        var renewed = TimeLimitedCredential.Mint(Secret, stand.Now.UnixSeconds + 900, "4f9c2d7e1b6a");
        Assert.Equal(401, new TurnClient(stand, "203.0.113.8:8", renewed.Username, renewed.Password).Allocate().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.8:9").Allocate().Code);
    }

    [Fact]
    public void A_denial_is_forgotten_when_its_time_is_over()
    {
        var ledger = new TurnLedger(TurnStand.Ordinary);
        var now = Instant.FromUnixSeconds(1_800_000_000);
        var subject = TokenClient.Subject("grant001");
        Assert.True(ledger.TryDeny(now, subject, now + TimeSpan.FromSeconds(60)));
        // A shorter one does not shorten it.
        Assert.True(ledger.TryDeny(now, subject, now + TimeSpan.FromSeconds(10)));
        Assert.True(ledger.IsDenied(now + TimeSpan.FromSeconds(59), subject));
        Assert.False(ledger.IsDenied(now + TimeSpan.FromSeconds(60), subject));
    }

    [Fact]
    public void Denials_are_bounded_and_room_is_made_by_those_that_are_over()
    {
        var ledger = new TurnLedger(TurnStand.Ordinary);
        var now = Instant.FromUnixSeconds(1_800_000_000);
        Subject Number(int n) => new(CredentialKind.TimeLimited, Bytes.Utf8($"{n}"));
        for (var n = 0; n < Denials.Most; n++) Assert.True(ledger.TryDeny(now, Number(n), now + TimeSpan.FromSeconds(60 + n)));
        Assert.False(ledger.TryDeny(now, Number(-1), now + TimeSpan.FromSeconds(60)));
        Assert.True(ledger.TryDeny(now, Number(5), now + TimeSpan.FromSeconds(90)));
        now += TimeSpan.FromSeconds(60);
        Assert.True(ledger.TryDeny(now, Number(-1), now + TimeSpan.FromSeconds(60)));
    }

    [Fact]
    public void What_is_being_opened_when_its_credential_is_revoked_never_begins()
    {
        var stand = TokenClient.Stand();
        stand.Outside = _ => null;
        var client = new TokenClient(stand);
        client.Allocate();
        Revoke(stand, [TokenClient.Subject("grant001")]);
        var relay = stand.Asked.Single().Relay;
        stand.Opened.Add(relay);
        var question = stand.Effects.OfType<TurnEffect.Ask>().Single().Id;
        Assert.Equal(401, stand.Answer(question, new TurnAnswer.RelayOpened(relay)).Code);
        Assert.Equal(relay, stand.Closed.Single());
        Assert.Equal((0, 0), (stand.Ledger.PortsHeld, stand.Ledger.Charged(TokenClient.Subject("grant001"))));
    }

    [Fact]
    public void A_token_that_was_revoked_after_another_took_its_place_speaks_no_more()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, id: "grant001"));
        client.Allocate();
        var before = (client.Kid, client.MacKey, client.Token);
        client.Take(TokenClient.Mint(stand.Now, id: "grant002")).Refresh();
        Revoke(stand, [TokenClient.Subject("grant001")]);
        Assert.Equal(0, client.Permit("9.9.9.9:9").Code);
        Assert.Equal(401, client.Take(before).Permit("9.9.9.9:9").Code);
        Assert.Empty(Ends(stand));
    }

    static void Revoke(TurnStand stand, IEnumerable<Subject> subjects)
    {
        var until = stand.Now + TimeSpan.FromHours(1);
        foreach (var subject in subjects) Assert.True(stand.Ledger.TryDeny(stand.Now, subject, until));
        stand.Order(new TurnOrder.Revoke([.. subjects]));
    }

    static IEnumerable<TurnAudit.AllocationEnded> Ends(TurnStand stand) =>
        stand.Effects.OfType<TurnEffect.Audit>().Select(audit => audit.Event).OfType<TurnAudit.AllocationEnded>();
}
