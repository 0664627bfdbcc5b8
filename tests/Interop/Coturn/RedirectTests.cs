using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Interop.Coturn;

/// <summary>coturn's client goes where a 300 sends it (RFC 8489 §10).</summary>
public sealed class RedirectTests(CoturnFixture fixture)
{
    [Fact]
    public void A_client_that_is_sent_on_relays_by_the_other_server_and_nothing_by_the_first()
    {
        var (name, password) = MintedCredential.Of(CoturnFixture.Secret);
        using var first = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--secret", CoturnFixture.Secret,
            "--redirect", "always", "--alternate", $"{fixture.IPv4}");
        UclientRun.Once(
            ["-u", name, "-w", password, "-c", "-s", .. fixture.ToPeer, .. UclientRun.Messages(200), .. UclientRun.At(first.Listeners[0])])
            .AssertNoLoss(200);
        Assert.Equal(0, first.Terminate());
        Assert.DoesNotContain("Allocation", first.Errors, StringComparison.Ordinal);
    }
}
