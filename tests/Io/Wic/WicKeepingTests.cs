using System.Globalization;
using System.Runtime.Versioning;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary>What <c>portunus wic</c> keeps alive: tokens, relays, leases, and a registration whose WebSocket is lost.</summary>
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
            ["wic", "relay", .. SignIn(system, system.W2), "--credential", "waf", "--turn", system.Turn, "--seconds", "16"]);
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
    public async Task A_lost_WebSocket_is_had_again_by_the_same_instance()
    {
        await using var system = await new WafSystem().StartAsync();
        await using var wire = Wire.To(system.W2Port);
        using var wic = PortunusProcess.Serve(["wic", "register", .. SignIn(system, W2(wire)), "--stay", "600"]);
        wire.Cut();
        wic.Await(line => line.Contains(" reconnect ", StringComparison.Ordinal));
        wic.Await(line => line.Contains(" refreshed ", StringComparison.Ordinal));
        Assert.Single(await system.Edge.RegistrationsAsync());
        Assert.Equal(0, wic.Signal(SigInt));
        Assert.Contains(" deregister", wic.Output[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_WebSocket_that_cannot_be_had_again_is_one_sentence()
    {
        await using var system = await new WafSystem().StartAsync();
        await using var wire = Wire.To(system.W2Port);
        using var wic = PortunusProcess.Serve(["wic", "register", .. SignIn(system, W2(wire)), "--stay", "600"]);
        await wire.BreakAsync();
        Assert.Equal(1, wic.WaitForExit());
        Assert.StartsWith(
            $"portunus: The connection to {W2(wire)} was lost, and there is no other: Nobody listens", wic.Errors,
            StringComparison.Ordinal);
        Assert.DoesNotContain('\n', wic.Errors);
    }

    [Fact]
    public async Task A_call_outlives_the_WebSocket_that_it_was_made_on()
    {
        await using var system = await new WafSystem().StartAsync();
        await using var wire = Wire.To(system.W2Port);
        using var callee = PortunusProcess.Serve(
            "wic", "call", "--answer", "--server", system.W2, "--user", $"bob@{WafSystem.Realm}", "--password",
            system.File(WafSystem.Password));
        using var caller = PortunusProcess.Serve(
            line => line.Contains(" bind ", StringComparison.Ordinal),
            ["wic", "call", "--to", $"bob@{WafSystem.Realm}", .. SignIn(system, W2(wire)), "--seconds", "3"]);
        wire.Cut();
        caller.Await(line => line.Contains(" reconnect ", StringComparison.Ordinal));
        Assert.Equal((0, ""), (caller.WaitForExit(), caller.Errors));
        // The BYE came by the new one: without it the callee would go on for ten seconds of silence, 500 packets more.
        callee.WaitForExit();
        var sent = callee.Output[^1].Split(' ')[0];
        Assert.InRange(int.Parse(sent, CultureInfo.InvariantCulture), 1, 499);
        Assert.Contains(" deregister", callee.Output[^2], StringComparison.Ordinal);
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

    static string W2(Wire wire) => $"ws://127.0.0.1:{wire.Port}/w2";

    static string[] SignIn(WafSystem system, string w2) =>
    [
        "--server", w2, "--user", Alice, "--waf", $"{system.Issuer}", "--ca", system.Ca, "--waf-client", "native",
        "--waf-user", "alice", "--waf-password", system.File(WafSystem.Password),
    ];
}
