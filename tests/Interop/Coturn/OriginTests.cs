using System.Net;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using static Portunus.Tests.Interop.Coturn.UclientRun;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>Debian's <c>turnutils_uclient -o</c> sends an ORIGIN, between two of its own: it comes to the realm of its user, or to one that
/// does not know it.</summary>
public sealed class OriginTests(CoturnFixture fixture) : IDisposable
{
    const string Origin = "https://app.example.net";

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-test-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_user_of_a_tenants_realm_relays_with_its_origin_and_without_it_is_refused()
    {
        var file = Path.Combine(_folder.FullName, "portunus.json");
        File.WriteAllText(file, $$"""
            { "domain": "example.org",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"],
                "users": [{ "name": "alice", "password": "wonderland" }],
                "realms": [{ "name": "tenant.example.net", "origins": ["{{Origin}}"],
                  "users": [{ "name": "carol", "password": "singer" }] }] } }
            """);
        using var server = PortunusProcess.Serve("serve", "--config", file);
        string[] at = At(TransportAddress.From(IPEndPoint.Parse(server.At("turn"))));
        Run("carol", "singer", "-o", Origin).AssertNoLoss(500);
        Run("alice", "wonderland").AssertNoLoss(500);
        Run("alice", "wonderland", "-o", "https://nobody.example.com").AssertNoLoss(500);
        AssertRefused(Run("carol", "singer"));
        AssertRefused(Run("carol", "singer", "-o", "https://nobody.example.com"));
        AssertRefused(Run("alice", "wonderland", "-o", Origin));
        Assert.Equal(0, server.Terminate());
        Assert.Contains("by Static carol of tenant.example.net", server.Errors, StringComparison.Ordinal);

        UclientRun Run(string user, string password, params string[] origin) =>
            Once(["-u", user, "-w", password, .. origin, "-c", "-s", .. fixture.ToPeer, .. Messages(500), .. at]);
    }

    static void AssertRefused(UclientRun run)
    {
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("Cannot complete Allocation", run.Output, StringComparison.Ordinal);
        Assert.True(run.Received <= 0, run.Output);
    }
}
