using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>The same traffic to two servers, one over each data path: what comes out is the same.</summary>
public sealed class TwinTests
{
    const int Clients = 6;
    const int Steps = 250;

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void The_portable_and_the_linux_path_say_the_same_to_the_same(int seed)
    {
        Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");
        var (portable, linux) = (Play(seed, DataPath.Portable), Play(seed, DataPath.Linux));
        for (var step = 0; step < Steps; step++)
            Assert.True(portable[step] == linux[step], $"step {step}: portable {portable[step]}, linux {linux[step]}");
        // Not all was refused.
        Assert.Contains(linux, step => step.Contains("hears", StringComparison.Ordinal));
    }

    /// <summary>What was done and what came of it, a line a step, without what chance gives: ports and nonces.</summary>
    static List<string> Play(int seed, DataPath path)
    {
        using var node = Start(path);
        var random = new Random(seed);
        var clients = Enumerable.Range(0, Clients).Select(_ => new RawClient(node.Listeners[0], "alice", "secret")).ToArray();
        var relayed = new TransportAddress[Clients];
        var log = new List<string>();
        try
        {
            for (var step = 0; step < Steps; step++)
            {
                var said = Act(random, clients, relayed);
                log.Add($"{said}{Heard(clients)}");
            }

            return log;
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }
    }

    static string Act(Random random, RawClient[] clients, TransportAddress[] relayed)
    {
        var (n, other, channel) = (random.Next(Clients), random.Next(Clients), (ushort)(0x4000 + random.Next(3)));
        var client = clients[n];
        var peer = relayed[other] == default ? TransportAddress.IPv4(0x7F000001, 9) : relayed[other];
        var payload = new byte[random.Next(8) == 0 ? random.Next(9000) : random.Next(200)];
        random.NextBytes(payload);
        switch (random.Next(10))
        {
            case 0 or 1:
                var answer = client.Allocate();
                if (answer.Error is null) relayed[n] = answer.Relayed;
                return $"{n} Allocate: {answer.Error} {answer.Lifetime} {answer.Relayed.Family}";
            case 2:
                var seconds = random.Next(6) == 0 ? 0u : 700u;
                return $"{n} Refresh {seconds}: {client.Refresh(seconds).Error}";
            case 3:
                return $"{n} Permit {other}: {client.Permit(peer).Error}";
            case 4:
                return $"{n} BindChannel {channel} to {other}: {client.BindChannel(channel, peer).Error}";
            case 5:
                return $"{n} Permit forbidden: {client.Permit(TransportAddress.IPv4(0x0A000001, 9)).Error}";
            case 6:
                var dontFragment = random.Next(2) == 0;
                client.Send(peer, payload, dontFragment);
                return $"{n} Send {payload.Length} to {other}, {dontFragment}";
            case 7:
                payload[..Math.Min(1, payload.Length)].AsSpan().Fill(0x40);
                client.SendRaw(payload);
                return $"{n} garbage {payload.Length}";
            default:
                var burst = random.Next(1, 40);
                for (var i = 0; i < burst; i++) client.SendOnChannel(channel, payload.AsSpan(0, Math.Min(i, payload.Length)));
                return $"{n} ChannelData {channel} x {burst}";
        }
    }

    /// <summary>What each client was sent, in its order, when all that the step caused has come.</summary>
    static string Heard(RawClient[] clients)
    {
        // The first round is answered after what a client sent was relayed, maybe before the next relay was read; the second and the
        // third after that. One worker reads all.
        for (var round = 0; round < 3; round++)
            foreach (var client in clients)
                Assert.Null(client.Bind().Error);
        return string.Concat(clients.Select((client, n) =>
        {
            var heard = client.TakeHeard();
            var sum = heard.Select(Convert.ToHexString).Aggregate(17UL, (sum, hex) => hex.Aggregate(sum * 31, (s, c) => (s * 31) + c));
            return heard.Length == 0 ? "" : $"; {n} hears {heard.Length}, {sum:x}";
        }));
    }

    static TurnNode Start(DataPath path)
    {
        var rules = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(TransportAddress.IPv4(0x7F000001, 0))],
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            // The many Bindings by which the test knows that all has come are answered.
            Unauthenticated = new() { AnswersPerSecond = 100_000, Burst = 100_000, BytesPerSecond = 1 << 30, BytesAtOnce = 1 << 30 },
        };
        var verifier = new CredentialVerifier(rules.Realm, [new("alice", "secret")], []);
        var settings = new TurnNodeSettings { Listen = [TransportAddress.IPv4(0x7F000001, 0)], Rules = rules, DataPath = path };
        return TurnNode.Start(settings, verifier, NullLogger.Instance);
    }
}
