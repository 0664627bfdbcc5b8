using System.Globalization;
using System.Runtime.Versioning;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Wic;

/// <summary>What becomes of a registration and of a call of <c>portunus wic</c> whose WebSocket is lost.</summary>
[UnsupportedOSPlatform("windows")]
public sealed class WicReconnectTests
{
    const int SigInt = 2;

    [Fact]
    public async Task A_lost_WebSocket_is_had_again_by_the_same_instance()
    {
        await using var system = await new WafSystem().StartAsync();
        await using var wire = Wire.To(system.W2Port);
        using var wic = PortunusProcess.Serve(["wic", "register", .. system.SignIn(W2(wire)), "--stay", "600"]);
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
        using var wic = PortunusProcess.Serve(["wic", "register", .. system.SignIn(W2(wire)), "--stay", "600"]);
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
            ["wic", "call", "--to", $"bob@{WafSystem.Realm}", .. system.SignIn(W2(wire)), "--seconds", "3"]);
        wire.Cut();
        caller.Await(line => line.Contains(" reconnect ", StringComparison.Ordinal));
        Assert.Equal((0, ""), (caller.WaitForExit(), caller.Errors));
        // The BYE came by the new one: without it the callee would go on for ten seconds of silence, 500 packets more.
        callee.WaitForExit();
        var sent = callee.Output[^1].Split(' ')[0];
        Assert.InRange(int.Parse(sent, CultureInfo.InvariantCulture), 1, 499);
        Assert.Contains(" deregister", callee.Output[^2], StringComparison.Ordinal);
    }

    static string W2(Wire wire) => $"ws://127.0.0.1:{wire.Port}/w2";
}
