using System.Runtime.Versioning;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary>What <c>portunus wic</c> keeps alive: tokens, relays and leases.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class WicKeepingTests
{
    const string Alice = $"alice@{WafSystem.Realm}";
    const int SigInt = 2;

    [Fact]
    public async Task Tokens_have_successors_before_they_end_and_a_relay_goes_on_under_another_kid()
    {
        await using var system = await new WafSystem { TokenLifetime = TimeSpan.FromSeconds(12) }.StartAsync();
        using var wic = PortunusProcess.Serve(
            line => line.Contains(" bind ", StringComparison.Ordinal),
            ["wic", "relay", .. system.SignIn(), "--credential", "waf", "--turn", system.Turn, "--seconds", "16"]);
        // From now on the WAF seals under another key, as after a rotation.
        system.WafKey = WafSystem.NextKey;
        wic.Await(line => line.Contains($"kid {WafSystem.NextKey.Kid} for {WafSystem.TurnName}", StringComparison.Ordinal));
        // 800 packets of 16 s: longer than any of the tokens lives.
        Assert.Equal(0, wic.WaitForExit());
        Assert.Contains("800 of 800 came", wic.Output[^1], StringComparison.Ordinal);
        Assert.Contains(wic.Output, line => line.Contains(" deregister", StringComparison.Ordinal));
        Assert.Equal("", wic.Errors);
    }

    [Fact]
    public async Task A_lease_is_kept_by_asking_again()
    {
        await using var system = await new WafSystem { TokenLifetime = TimeSpan.FromSeconds(6) }.StartAsync();
        using var wic = PortunusProcess.Serve(
            ["wic", "register", "--server", system.W2, "--wwsf", $"{system.Site}", "--ca", system.Ca, "--stay", "600"]);
        for (var i = 0; i < 3; i++)
        {
            wic.Await(line => line.Contains(" lease ", StringComparison.Ordinal));
            wic.Await(line => line.Contains(" refreshed ", StringComparison.Ordinal));
        }

        Assert.Equal(0, wic.Signal(SigInt));
        Assert.Contains(" lease-end", wic.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_person_signs_in_by_a_browser_and_a_refresh_token_keeps_it_so()
    {
        await using var system = await new WafSystem { TokenLifetime = TimeSpan.FromSeconds(8) }.StartAsync();
        using var wic = PortunusProcess.Serve(
            line => line.Contains(" discover ", StringComparison.Ordinal),
            "wic", "register", "--server", system.W2, "--user", Alice, "--waf", $"{system.Issuer}", "--ca", system.Ca,
            "--waf-client", "native", "--waf-redirect", $"{system.Redirect}", "--waf-scope", "ims.register turn offline_access",
            "--stay", "600");
        const string says = "sign in at ";
        await Eventually.TrueAsync(() => wic.Errors.StartsWith(says, StringComparison.Ordinal), () => wic.Errors);
        await system.BrowseAsync(new(wic.Errors[says.Length..]));
        wic.Await(line => line == "ready");
        for (var i = 0; i < 2; i++)
        {
            wic.Await(line => line.Contains(" token ", StringComparison.Ordinal));
            wic.Await(line => line.Contains(" refreshed ", StringComparison.Ordinal));
        }

        Assert.Equal(0, wic.Signal(SigInt));
        Assert.Equal(1, wic.Output.Count(line => line.Contains(" login ", StringComparison.Ordinal)));
    }
}
