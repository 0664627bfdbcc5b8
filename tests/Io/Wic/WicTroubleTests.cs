namespace Portunus.Tests.Io.Wic;

/// <summary>What goes wrong between a client, its WAF, its edge and its TURN server: each is one sentence, and exit code 1.</summary>
public sealed class WicTroubleTests
{
    const string Alice = $"alice@{WafSystem.Realm}";

    static readonly string[] Short = ["--seconds", "1", "--rate", "100"];

    [Fact]
    public async Task A_token_that_ran_out_before_it_was_used_is_fetched_again_once()
    {
        await using var system = await new WafSystem().StartAsync();
        using var waf = TurnTokenStub.Start(TimeSpan.Zero, TimeSpan.FromSeconds(90), TimeSpan.Zero);
        var run = WicRun.Of(Relay(system, waf));
        run.AssertNoLoss(100);
        Assert.Equal(["discover", "challenge", "turn-token", "allocate", "turn-token", "allocate"], run.Steps.Take(6));

        using var old = TurnTokenStub.Start(TimeSpan.Zero, TimeSpan.FromSeconds(90));
        run = WicRun.Of(Relay(system, old));
        run.AssertRefused("A token that was just made (kid waf-turn1-1) does not do, nor did the one before");
        Assert.Equal(2, run.Steps.Count(step => step == "turn-token"));
    }

    [Fact]
    public async Task Clocks_that_are_apart_are_said_to_be()
    {
        await using var system = await new WafSystem().StartAsync();
        using var waf = TurnTokenStub.Start(TimeSpan.FromSeconds(90), TimeSpan.FromSeconds(-90));
        var run = WicRun.Of(Relay(system, waf));
        run.AssertRefused($"the clocks of {waf.Issuer} and of this machine are apart by ");
    }

    [Fact]
    public async Task A_kid_that_the_TURN_server_does_not_know_is_named()
    {
        await using var system = await new WafSystem { WafKey = new("nobody", Credentials.TokenAlgorithm.A256Gcm, new byte[32]) }
            .StartAsync();
        var run = WicRun.Of(
            ["relay", .. system.SignIn(), "--credential", "waf", "--turn", system.Turn, "--turn-server-name", WafSystem.TurnName,
                .. Short]);
        run.AssertRefused("(kid nobody) does not do, nor did the one before");
        Assert.Contains("does not know its kid", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_for_another_audience_is_replaced_once_and_then_the_refusal_counts()
    {
        await using var system = await new WafSystem { Audience = "other.example.net" }.StartAsync();
        var run = WicRun.Of(["register", .. system.SignIn()]);
        run.AssertRefused($"The token was refused for sip:{Alice} (401).");
        Assert.Equal(2, run.Steps.Count(step => step == "token"));
        Assert.Equal("the edge refuses the token (invalid_token)", run.Detail("challenged"));
    }

    [Fact]
    public async Task A_challenge_is_met_with_a_fresh_token_once()
    {
        await using var system = await new WafSystem { EdgeRefuses = 1 }.StartAsync();
        var run = WicRun.Of(["register", .. system.SignIn()]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        Assert.Equal(
            [
                "discover", "authorize", "login", "token", "connect", "challenged", "authorize", "token", "register", "renew",
                "deregister",
            ], run.Steps);
    }

    [Fact]
    public async Task A_challenge_that_names_another_WAF_is_shown_no_token()
    {
        await using var system = await new WafSystem { EdgeRefuses = 1, ChallengedServer = "https://elsewhere.example/" }
            .StartAsync();
        var run = WicRun.Of(["register", .. system.SignIn()]);
        run.AssertRefused($"The edge wants a token of https://elsewhere.example/, and --waf is {system.Issuer}");
        Assert.Single(run.Steps, step => step == "token");
    }

    static string[] Relay(WafSystem system, TurnTokenStub waf) =>
    [
        "relay", "--waf", $"{waf.Issuer}", "--token", system.File("abc"), "--credential", "waf", "--turn", system.Turn, .. Short,
    ];
}
