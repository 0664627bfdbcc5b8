using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What holds for tokens in any order of requests, new tokens, revocations, changes of keys and waits.</summary>
public class TokenPropertyTests
{
    static readonly TurnSettings Tight = TurnStand.Ordinary with { RelayPorts = new(50000, 50011), UserQuota = 3 };

    [Fact]
    public void Any_sequence_of_tokens_revocations_and_keys_keeps_the_books()
    {
        var (samples, began) = (0L, 0L);
        Gen.ULong.Sample(seed =>
        {
            var random = new SeededRandom(seed);
            var stand = TokenClient.Stand(Tight);
            var clients = Enumerable.Range(0, 6).Select(i => new TokenClient(stand, $"203.0.113.{i}:1")).ToArray();
            Dictionary<Subject, Instant> denied = [];
            for (var step = 0; step < 120; step++)
            {
                Step(random, stand, clients[random.Next(clients.Length)], denied);
                stand.Pass(random.Next(4) == 0 ? random.Next(200) : random.Next(3));
                Balance(stand, denied);
            }

            stand.Pass(TimeSpan.FromHours(2));
            Assert.Empty(stand.Ledger.Sessions());
            Assert.Empty(stand.Opened);
            Assert.Equal(0, stand.Ledger.PortsHeld);
            Assert.All(Enumerable.Range(0, 5), n => Assert.Equal(0, stand.Ledger.Charged(Grant(n))));
            Interlocked.Increment(ref samples);
            Interlocked.Add(ref began, stand.Server.Counters.AllocationsBegan);
        }, iter: 40);
        // And it was not all refusals.
        Assert.InRange(began, 5 * samples, 120 * samples);
    }

    static void Step(SeededRandom random, TurnStand stand, TokenClient client, Dictionary<Subject, Instant> denied)
    {
        switch (random.Next(9))
        {
            case 0 or 1:
                client.Take(Mint(random, stand)).Allocate();
                break;
            case 2:
                client.Take(Mint(random, stand)).Refresh(3600);
                break;
            case 3:
                client.Refresh(random.Next(3) == 0 ? 0u : 3600, withToken: random.Next(2) == 0);
                break;
            case 4:
                client.Permit("9.9.9.9:9");
                break;
            case 5 or 6:
                client.Bind((ushort)(0x4000 + random.Next(3)), $"9.9.9.{random.Next(3)}:9");
                break;
            case 7 when random.Next(3) == 0:
                var subject = Grant(random.Next(5));
                denied[subject] = stand.Now + TimeSpan.FromSeconds(100);
                stand.Ledger.TryDeny(stand.Now, subject, denied[subject]);
                stand.Order(new TurnOrder.Revoke([subject]));
                break;
            case 8:
                TokenKeySource[] keys = [new(TokenClient.First), new(TokenClient.Second)];
                stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(
                    TokenClient.Sources with { TokenKeys = [.. keys[random.Next(2)..]] })));
                break;
        }
    }

    static (string, byte[], byte[]) Mint(SeededRandom random, TurnStand stand) => TokenClient.Mint(
        stand.Now, random.Next(2) == 0 ? TokenClient.First : TokenClient.Second, (uint)(1 + random.Next(400)),
        $"grant00{random.Next(5)}");

    static Subject Grant(int number) => TokenClient.Subject($"grant00{number}");

    static void Balance(TurnStand stand, Dictionary<Subject, Instant> denied)
    {
        var sessions = stand.Ledger.Sessions();
        Assert.Equal(stand.Opened, sessions.Select(session => session.Relay).ToHashSet());
        Assert.Equal(sessions.Length, stand.Ledger.PortsHeld);
        foreach (var group in sessions.GroupBy(session => session.Subject))
        {
            Assert.Equal(group.Count(), stand.Ledger.Charged(group.Key));
            Assert.InRange(group.Count(), 1, Tight.UserQuota);
            // Nobody who is denied has anything.
            Assert.False(denied.TryGetValue(group.Key, out var until) && stand.Now < until);
        }

        // No token lives longer than 400 s, and nothing longer than its token.
        Assert.All(sessions, session => Assert.True(session.ExpiresAt - stand.Now <= TimeSpan.FromSeconds(400)));
    }
}
