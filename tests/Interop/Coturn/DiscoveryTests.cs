using System.Net;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Interop.Coturn;

/// <summary><c>turnutils_natdiscovery</c> finds by RFC 5780 that there is no NAT between two addresses of loopback.</summary>
public sealed class DiscoveryTests
{
    static readonly IPAddress First = IPAddress.Parse("127.0.0.1");
    static readonly IPAddress Second = IPAddress.Parse("127.0.0.2");

    [Theory]
    [InlineData("-m", "NAT with Endpoint Independent Mapping|No NAT")]
    [InlineData("-f", "Endpoint Independent Filtering")]
    [InlineData("-P -m", "NAT with Endpoint Independent Mapping|No NAT")]
    [InlineData("-P -f", "Endpoint Independent Filtering")]
    public void Its_tests_end_as_without_a_NAT(string flags, string words)
    {
        int one, other;
        do (one, other) = (CoturnProgram.FreePort(First), CoturnProgram.FreePort(Second));
        while (one == other);
        using var server = PortunusProcess.Serve(
            "turn", "--listen", $"{First}:{one}", "--discovery", $"{Second}:{other}", "--relay-address", $"{First}",
            "--realm", "example.org", "--user", "alice:wonderland");
        Assert.Equal(4, server.Listeners.Count);
        var (_, output) = CoturnProgram.Run(
            "turnutils_natdiscovery", TimeSpan.FromMinutes(2), [.. flags.Split(' '), "-p", $"{one}", $"{First}"]);
        Assert.True(words.Split('|').Any(word => output.Contains(word, StringComparison.OrdinalIgnoreCase)), output);
        Assert.Equal(0, server.Terminate());
    }
}
