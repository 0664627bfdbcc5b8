using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What holds for any input in any order.</summary>
public class TurnPropertyTests
{
    static readonly TurnSettings Tight = TurnStand.Ordinary with
    {
        RelayPorts = new(50000, 50007), StaticUserQuota = 6, UserQuota = 3, MaxPermissions = 4, MaxChannels = 3,
        CanForbidFragments = true, NonceLifetime = TimeSpan.FromMinutes(5),
    };

    [Fact]
    public void Any_bytes_from_any_path_give_a_decision_that_is_short_to_strangers()
    {
        var stand = new TurnStand(Tight);
        Gen.Byte.Array[0, 200].Sample(bytes =>
        {
            var reply = stand.Send(new TurnClient(stand, "203.0.113.200:1").Path, bytes);
            Assert.InRange(reply.Length, 0, 108);
        }, iter: 20_000, threads: 1);
        Assert.Empty(stand.Effects);
    }

    [Fact]
    public void Any_alteration_of_a_good_message_gives_a_decision_that_is_short()
    {
        var stand = new TurnStand(Tight);
        var client = new TurnClient(stand) { Algorithm = PasswordAlgorithm.Sha256 };
        client.Allocate();
        client.Bind(0x4000, "9.9.9.9:9");
        // All that a client says, in one request: what a method has no use for is ignored.
        TurnClient.Fill everything = (ref StunWriter w) =>
        {
            w.AddRequestedTransport(17);
            w.AddEvenPort(true);
            w.AddChannelNumber(new(0x4001));
            w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP("9.9.9.9:9"));
            w.Add(AttributeType.Data, "hello"u8);
            w.AddLifetime(0);
        };
        byte[][] good =
        [
            client.Proved(StunMethod.Allocate, everything),
            client.Proved(StunMethod.Refresh, everything),
            client.Proved(StunMethod.ChannelBind, everything),
            client.Proved(StunMethod.CreatePermission, everything),
            client.Write(StunClass.Indication, StunMethod.Send, everything),
            [0x40, 0, 0, 5, 1, 2, 3, 4, 5],
        ];
        var sessions = stand.Ledger.Sessions().Length;
        var edit = Gen.Select(Gen.Int[0, 300], Gen.Byte);
        Gen.Select(Gen.Int[0, good.Length - 1], edit.Array[1, 4], Gen.Int[0, 300]).Sample((which, edits, cut) =>
        {
            var bytes = good[which].ToArray();
            foreach (var (at, value) in edits) bytes[at % bytes.Length] = value;
            if (cut < bytes.Length) bytes = bytes[..cut];
            if (bytes.AsSpan().SequenceEqual(good[which])) return;
            var reply = stand.Send(client.Path, bytes);
            Assert.InRange(reply.Length, 0, 260);
            Assert.Equal(sessions, stand.Ledger.Sessions().Length);
        }, iter: 20_000, threads: 1);
    }

    [Fact]
    public void Any_datagram_of_any_peer_at_any_relay_gives_a_decision()
    {
        var stand = new TurnStand(Tight);
        var client = new TurnClient(stand);
        client.Allocate();
        client.Bind(0x4000, "9.9.9.9:9");
        Gen.Select(Gen.ULong, Gen.UInt, Gen.UShort, Gen.Byte.Array[0, 2000]).Sample((relay, address, port, payload) =>
        {
            var id = relay % 3 == 0 ? stand.Asked.Single().Relay : new RelayId(relay);
            var reply = stand.FromPeer(id, TransportAddress.IPv4(address % 7 == 0 ? 0x09090909 : address, port), payload);
            Assert.InRange(reply.Length, 0, payload.Length + 20 + 12 + 4 + 3);
        }, iter: 2_000, threads: 1);
    }

    [Fact]
    public void Any_sequence_of_requests_losses_and_waits_keeps_the_books()
    {
        var (samples, began, relayed) = (0L, 0L, 0L);
        Gen.ULong.Sample(seed =>
        {
            var random = new SeededRandom(seed);
            var ledger = new TurnLedger(Tight);
            TurnStand[] workers = [Stand(random, ledger, 0), Stand(random, ledger, 1)];
            var clients = Enumerable.Range(0, 10).Select(i => Client(workers[i % 2], i)).ToArray();
            for (var step = 0; step < 150; step++)
            {
                Step(random, clients[random.Next(clients.Length)]);
                // Most steps within the life of a nonce and of a permission, some beyond.
                var pause = TimeSpan.FromMilliseconds(random.Next(20) == 0 ? random.Next(600_000) : random.Next(2_000));
                foreach (var worker in workers) worker.Pass(pause);
                Balance(workers, ledger);
            }

            // When everybody has gone, nothing is left.
            foreach (var worker in workers) worker.Pass(TimeSpan.FromHours(2));
            new TurnClient(workers[0], "203.0.113.250:1", "bob", "builder").Allocate();
            Balance(workers, ledger);
            Assert.True(ledger.Sessions().Length <= 1);
            Assert.True(ledger.PortsHeld <= 1);
            Assert.Equal(ledger.Sessions().Sum(Addresses), workers.Sum(worker => worker.Opened.Count));
            Assert.Equal(0, ledger.Charged(new(CredentialKind.Static, Bytes.Utf8("alice"))));
            foreach (var worker in workers) worker.Pass(TimeSpan.FromHours(2));
            Assert.Equal(0, workers.Sum(worker => worker.Server.Kept) + ledger.Kept(workers[0].Now));
            Assert.All(workers, worker => Assert.Null(worker.Server.NextDeadline));
            Interlocked.Increment(ref samples);
            Interlocked.Add(ref began, workers.Sum(worker => worker.Server.Counters.AllocationsBegan));
            Interlocked.Add(ref relayed, workers.Sum(worker => worker.Server.Counters.Traffic.ToPeerPackets));
        }, iter: 30);
        // And it was not all refusals. Of all samples together, since one of them may be refused more than others.
        Assert.InRange(began, 5 * samples, 150 * samples);
        Assert.NotEqual(0, relayed);
    }

    static TurnStand Stand(SeededRandom random, TurnLedger ledger, byte worker)
    {
        var secret = TurnStand.Secret("north");
        return new(Tight, TurnStand.Users(secret), random.Next(), ledger, worker)
        {
            Outside = question => random.Next(10) switch
            {
                0 => null,
                1 => new TurnAnswer.RelayRefused(),
                2 or 3 => new TurnAnswer.RelayTaken(),
                _ => new TurnAnswer.RelayOpened(question.Relay),
            },
        };
    }

    static TurnClient Client(TurnStand stand, int number)
    {
        var address = $"203.0.113.{number}:1";
        if (number % 3 == 0) return new(stand, address, "bob", "builder");
        if (number % 3 == 1) return new(stand, address) { Algorithm = PasswordAlgorithm.Sha256 };
        var credential = TimeLimitedCredential.Mint(TurnStand.Secret("north"), 1_900_000_000, "4f9c2d7e1b6a");
        return new(stand, address, credential.Username, credential.Password);
    }

    static void Step(SeededRandom random, TurnClient client)
    {
        // Two peers are the usual ones, so that what is permitted is also used.
        var host = random.Next(random.Next(4) == 0 ? 6 : 2);
        var peer = $"{(random.Next(8) == 0 ? $"[2606:4700::{host}]" : $"9.9.9.{host}")}:{1 + random.Next(3)}";
        var reply = random.Next(20) switch
        {
            < 4 => client.Allocate(),
            4 => client.Allocate((ref StunWriter w) => w.AddAdditionalAddressFamily(IPFamily.IPv6)),
            5 => client.Allocate((ref StunWriter w) => w.AddEvenPort(random.Next(2) == 0)),
            6 => client.Allocate((ref StunWriter w) => w.AddReservationToken(random.NextUInt64())),
            7 => client.Ask(StunMethod.Refresh, (ref StunWriter w) =>
            {
                w.AddLifetime(random.Next(2) == 0 ? 0u : 700);
                if (random.Next(2) == 0) w.AddRequestedAddressFamily(random.Next(2) == 0 ? IPFamily.IPv4 : IPFamily.IPv6);
            }),
            < 10 => client.Permit(peer, $"9.9.9.{random.Next(6)}:1"),
            < 13 => client.Bind((ushort)(0x4000 + random.Next(5)), peer),
            < 17 => client.SendTo(peer, "x"),
            _ => client.Data((ushort)(0x4000 + random.Next(5)), "x"),
        };
        if (reply.Forward.Kind == ForwardKind.ToClient && reply.Code is 438) client.Nonce = reply.Nonce;
    }

    static int Addresses(Session session) => session.Second is null ? 1 : 2;

    /// <summary>Relays open = addresses of sessions; sessions = those counted; no port held twice, none charged for nothing.</summary>
    static void Balance(TurnStand[] workers, TurnLedger ledger)
    {
        var sessions = ledger.Sessions();
        Assert.Equal(sessions.Length, sessions.Select(session => session.Relayed).Distinct().Count());
        var opened = workers.SelectMany(worker => worker.Opened).ToHashSet();
        // Of a dual allocation one may be open while the other is still waited for.
        Assert.InRange(opened.Count, sessions.Sum(Addresses), ledger.PortsHeld);
        var counters = workers.Select(worker => worker.Server.Counters);
        Assert.Equal(sessions.Length, counters.Sum(counter => counter.AllocationsBegan - counter.AllocationsEnded));
        var charged = sessions.Select(session => session.Subject).Distinct().Sum(subject => ledger.Charged(subject));
        Assert.True(charged <= ledger.PortsHeld);
        Assert.InRange(ledger.PortsHeld, sessions.Length, 16);
        foreach (var session in sessions)
            Assert.InRange(ledger.Charged(session.Subject), sessions.Count(s => s.Subject == session.Subject), 6);
    }

    [Fact]
    public void Two_servers_given_the_same_traffic_and_chance_say_the_same()
    {
        for (ulong seed = 1; seed <= 8; seed++) Assert.Equal(Played(seed), Played(seed));

        static List<string> Played(ulong seed)
        {
            var random = new SeededRandom(seed);
            var stand = Stand(random, new(Tight), 0);
            var clients = Enumerable.Range(0, 6).Select(i => Client(stand, i)).ToArray();
            List<string> said = [];
            for (var step = 0; step < 200; step++)
            {
                var transaction = TransactionId.Draw(random);
                var client = clients[random.Next(clients.Length)];
                var reply = random.Next(4) switch
                {
                    0 => client.Allocate(transaction: transaction),
                    1 => client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.AddLifetime((uint)random.Next(2)), transaction),
                    2 => client.Ask(StunMethod.ChannelBind, (ref StunWriter w) =>
                    {
                        w.AddChannelNumber(new(0x4000));
                        w.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP("9.9.9.9:9"));
                    }, transaction),
                    _ => client.Data(0x4000, "x"),
                };
                // The nonce's fetch has a transaction of its own; what is compared is all behind it.
                said.Add($"{reply.Forward} {Convert.ToHexString(reply.Bytes)}");
                said.AddRange(stand.Pass(random.Next(60)).Select(late => late.Forward.ToString()));
            }

            said.AddRange(stand.Effects.Select(effect => effect.ToString()));
            return said;
        }
    }
}
