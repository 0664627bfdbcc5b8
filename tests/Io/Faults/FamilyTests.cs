using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Faults;

/// <summary>A machine on which IPv6 is off: what needs none starts, what needs it says so.</summary>
public sealed class FamilyTests
{
    static readonly TransportAddress[] OnlyIPv4 = [TransportAddress.IPv4(0x7F000001, 0), TransportAddress.IPv4(0xC0000201, 0)];

    static readonly string[] Least = ["turn", "--realm", "example.org", "--user", "alice:secret", "--allow-peer", "127.0.0.0/8"];

    [Theory]
    [InlineData("[::]:3478")]
    [InlineData("[::]:0")]
    public void A_wildcard_of_a_family_that_is_missing_is_refused_with_a_sentence_since_the_system_would_bind_it(string listener)
    {
        Assert.True(TransportAddress.TryParse(listener, out var address));
        var refused = Assert.Throws<RefusedException>(() => TurnListeners.RequireFamily(address, "--listen", OnlyIPv4));
        Assert.Equal("This machine has no IPv6, not even on loopback; leave out --listen ::, or switch IPv6 on.", refused.Message);
        TurnListeners.RequireFamily(address, "--listen", [.. OnlyIPv4, TransportAddress.IPv6(1, 0)]);
        TurnListeners.RequireFamily(TransportAddress.IPv4(0, 3478), "--listen", OnlyIPv4);
    }

    [Fact]
    public void A_relay_of_IPv4_alone_answers_440_for_the_other_family()
    {
        using var server = PortunusProcess.Serve([.. Least, "--relay-address", "127.0.0.1", "--listen", "127.0.0.1:0"]);
        using var alone = server.Client();
        Assert.Equal(Stun.ErrorCode.AddressFamilyNotSupported, alone.Allocate(IPFamily.IPv6).Error);
        var both = alone.AllocateBoth();
        Assert.Null(both.Error);
        Assert.Null(both.Second);
        Assert.Equal((IPFamily.IPv6, Stun.ErrorCode.AddressFamilyNotSupported), both.Missing);
    }

    [Fact]
    public void What_needs_IPv6_is_1_and_says_so_and_what_does_not_starts_and_relays()
    {
        // Where nobody may have a network of his own, the theory above has the rule, and no process shows it.
        if (Without.IPv6 is not { } before) return;
        foreach (var (listen, relay, says) in (ReadOnlySpan<(string, string, string)>)
        [
            ("[::]:3478", "127.0.0.1", "no IPv6, not even on loopback; leave out --listen ::, or"),
            ("[::1]:3478", "127.0.0.1", "no IPv6, not even on loopback; leave out --listen ::1, or"),
            ("127.0.0.1:3478", "::1", "no IPv6, not even on loopback; leave out --relay-address ::1, or"),
        ])
        {
            var (code, output, errors) = PortunusProcess.RunBehind(before, [.. Least, "--listen", listen, "--relay-address", relay]);
            Assert.Equal((1, ""), (code, output));
            Assert.Contains(says, errors, StringComparison.Ordinal);
        }

        using var server = PortunusProcess.ServeBehind(before, [.. Least, "--listen", "0.0.0.0:3478", "--relay-address", "127.0.0.1"]);
        string[] user = Environment.IsPrivilegedProcess ? [] : ["--user", "--preserve-credentials"];
        var (relays, said, problem) = PortunusProcess.RunBehind(["nsenter", "--target", $"{server.Id}", "--net", .. user],
            "wic", "relay", "--turn", "turn:127.0.0.1:3478?transport=udp", "--seconds", "1", "--turn-user", "alice",
            "--turn-password", "secret");
        Assert.True(relays == 0, said + problem);
        Assert.Equal(0, server.Terminate());
    }

    [Fact]
    public void The_whole_system_of_up_starts_without_IPv6()
    {
        if (Without.IPv6 is not { } before) return;
        using var all = PortunusProcess.ServeBehind(before, "up", "--turn", "0", "--http", "0", "--https", "0");
        Assert.Equal(0, all.Terminate());
    }
}
