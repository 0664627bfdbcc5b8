using System.Diagnostics;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>Minutes of clients that come, talk and go, or just vanish: nothing may be left behind, and a port that was given back is used
/// again.</summary>
public sealed class TurnSoakTests
{
    // So few that each is used several times, and that there may be none left for a moment; not among those that the system gives to
    // whoever asks for none.
    const int FirstPort = 20_000;
    const int Ports = 300;

    static readonly TimeSpan Length = TimeSpan.FromMinutes(2);

    [Fact(Explicit = true)]
    public void Two_minutes_of_churn_leave_no_port_no_descriptor_and_no_memory()
    {
        var loopback = Address("127.0.0.1:0");
        var rules = new TurnSettings
        {
            Realm = "example.org",
            Relays = [new(loopback)],
            RelayPorts = new(FirstPort, FirstPort + Ports - 1),
            AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            MaxKbps = 100_000,
            // A client that vanishes is forgotten within the run.
            DefaultLifetime = TimeSpan.FromSeconds(2),
            MaxLifetime = TimeSpan.FromSeconds(4),
        };
        var verifier = new CredentialVerifier(rules.Realm, [], [new SharedSecret(SecretHash.Sha256, "north"u8)]);
        using var node = TurnNode.Start(new() { Listen = [loopback], Workers = 2, Rules = rules }, verifier, NullLogger.Instance);

        var clock = Stopwatch.StartNew();
        var calls = 0;
        var (descriptors, memory) = (0, 0L);
        while (clock.Elapsed < Length)
        {
            Call(node.Listeners[0], calls++);
            // What the first calls warmed up is not a leak.
            if (calls == 500) (descriptors, memory) = (Descriptors(), GC.GetTotalMemory(forceFullCollection: true));
        }

        // Workers and ledger: no allocation, port, count, reservation, question or deadline is left.
        Assert.True(SpinWait.SpinUntil(() => node.Kept == 0, TimeSpan.FromSeconds(60)), $"{node.Kept} things outlived their life.");
        Assert.Empty(node.Sessions());
        var decisions = node.Decisions;
        Assert.Equal(decisions.Sum(d => d.AllocationsBegan), decisions.Sum(d => d.AllocationsEnded));
        Assert.InRange(decisions.Sum(d => d.AllocationsBegan), 3 * Ports, long.MaxValue);
        // Every port is free for anybody: no socket holds it.
        for (var port = FirstPort; port < FirstPort + Ports; port++)
            Assert.True(SpinWait.SpinUntil(() => IsFree(loopback.WithPort((ushort)port)), TimeSpan.FromSeconds(60)), $"{port} is taken.");
        var grown = GC.GetTotalMemory(forceFullCollection: true) - memory;
        TestContext.Current.SendDiagnosticMessage($"{calls} calls, {grown / 1024} KiB more than after 500, {Descriptors()} descriptors");
        Assert.InRange(calls, 1000, int.MaxValue);
        // The vanished of the last seconds hold a descriptor each at the first count, none at the second.
        Assert.InRange(Descriptors(), 0, descriptors + 4);
        Assert.InRange(grown, long.MinValue, 4 << 20);
    }

    /// <summary>Two clients exchange ten datagrams; every third call ends without a word.</summary>
    static void Call(TransportAddress server, int number)
    {
        using var alice = Allocate(server, number, out var hers);
        using var bob = Allocate(server, number, out var his);
        Assert.Null(alice.Permit(his.Relayed).Error);
        Assert.Null(bob.BindChannel(0x4000, hers.Relayed).Error);
        for (var i = 0; i < 10; i++)
        {
            alice.Send(his.Relayed, [(byte)i, (byte)number]);
            Assert.Equal([(byte)i, (byte)number], bob.Receive());
        }

        if (number % 3 == 0) return;
        Assert.Null(alice.Refresh(0).Error);
        Assert.Null(bob.Refresh(0).Error);
    }

    /// <summary>A port of one who vanished may come back before its allocation ends: then 437 (RFC 8656 §7.2), and the next port. While
    /// those who vanished hold all relays, 508.</summary>
    static RawClient Allocate(TransportAddress server, int number, out Answer answer)
    {
        while (true)
        {
            var client = Client(server, number);
            answer = client.Allocate();
            if (answer.Error is null) return client;
            client.Dispose();
            Assert.True(answer.Error is ErrorCode.AllocationMismatch or ErrorCode.InsufficientCapacity, $"{answer.Error}");
        }
    }

    static RawClient Client(TransportAddress server, int number)
    {
        var credential = TimeLimitedCredential.MintFor(
            new SharedSecret(SecretHash.Sha256, "north"u8), DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 600, $"caller{number % 1000:d6}");
        return new(server, credential.Username, credential.Password);
    }

    static bool IsFree(TransportAddress address)
    {
        try
        {
            UdpDatagrams.Open(address).Dispose();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    static int Descriptors() => Directory.GetFiles("/proc/self/fd").Length;

    static TransportAddress Address(string text) => TransportAddress.TryParse(text, out var address) ? address : default;
}
