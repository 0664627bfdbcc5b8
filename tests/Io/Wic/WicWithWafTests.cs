namespace Portunus.Tests.Io.Wic;

/// <summary><c>portunus wic</c> as a process with a real WAF: scenarios 2 and 3, and relays by its tokens (RFC 7635).</summary>
public sealed class WicWithWafTests : IAsyncLifetime
{
    const string Alice = $"alice@{WafSystem.Realm}";

    static readonly string[] Short = ["--seconds", "1", "--rate", "100"];

    readonly WafSystem _system = new();

    public async ValueTask InitializeAsync() => await _system.StartAsync();

    public ValueTask DisposeAsync() => _system.DisposeAsync();

    [Fact]
    public void A_user_signs_in_at_the_WAF_and_registers_with_its_token()
    {
        var run = WicRun.Of(["register", .. Edge, "--user", Alice, .. SignIn]);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        Assert.Equal(["discover", "authorize", "login", "token", "connect", "register", "renew", "deregister"], run.Steps);
        Assert.StartsWith($"sip:{Alice} for 600 s", run.Detail("register"), StringComparison.Ordinal);
        Assert.StartsWith("good for 3", run.Detail("token"), StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(WafSystem.Password, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_cold_relay_hears_the_name_of_the_server_first_and_a_prefetched_one_knows_it()
    {
        string[] relay = ["relay", .. Edge, "--user", Alice, .. SignIn, .. ByWaf, .. Short];
        var cold = WicRun.Of(relay);
        cold.AssertNoLoss(100);
        Assert.Equal(
            [
                "discover", "authorize", "login", "token", "connect", "register", "challenge", "turn-token", "allocate", "echo",
                "permit", "bind", "packets", "release", "release", "deregister",
            ], cold.Steps);
        Assert.Equal($"kid waf-turn1-1 for {WafSystem.TurnName}, 1800 s", cold.Detail("turn-token"));

        var known = WicRun.Of([.. relay, "--turn-server-name", WafSystem.TurnName]);
        known.AssertNoLoss(100);
        Assert.Equal(cold.Steps.Where(step => step != "challenge"), known.Steps);
    }

    [Fact]
    public async Task A_machine_exchanges_the_token_of_a_user_and_relays_without_an_edge()
    {
        var run = WicRun.Of(
            ["relay", .. Waf, "--waf-client", "machine", "--waf-secret", _system.File(WafSystem.Secret), "--token",
                await UserTokenAsync(), .. ByWaf, .. Short]);
        run.AssertNoLoss(100);
        Assert.Equal(["discover", "token", "challenge", "turn-token", "allocate"], run.Steps.Take(5));
    }

    [Fact]
    public void A_guest_of_a_site_is_lent_an_identity_and_gives_it_back()
    {
        string[] guest = ["register", .. Edge, "--wwsf", $"{_system.Site}", "--ca", _system.Ca];
        var run = WicRun.Of(guest);
        Assert.True(run is { Code: 0, Ok: true }, run.Output + run.Errors);
        Assert.Equal(["lease", "connect", "register", "renew", "deregister", "lease-end"], run.Steps);
        Assert.StartsWith($"sip:web1@{WafSystem.Realm} for ", run.Detail("register"), StringComparison.Ordinal);
        Assert.Equal($"sip:web1@{WafSystem.Realm}", run.Detail("lease-end"));
        // There is one identity, and nobody has it before the token of the one before could not count any more.
        WicRun.Of(guest).AssertRefused("lends no identity: pool_exhausted.");
    }

    [Fact]
    public void A_user_of_a_site_signs_in_there_and_relays_by_the_WAF()
    {
        WicRun.Of(
            ["relay", .. Edge, "--wwsf", $"{_system.Site}", "--wwsf-user", "carol", "--wwsf-password", _system.File("right"),
                .. Waf, .. ByWaf, .. Short]).AssertNoLoss(100);
        WicRun.Of(
            ["register", .. Edge, "--wwsf", $"{_system.Site}", "--wwsf-user", "carol", "--wwsf-password", _system.File("wrong"),
                "--ca", _system.Ca]).AssertRefused("does not let carol in: access_denied.");
    }

    [Fact]
    public void In_scenario_1_the_WAF_says_whom_to_ask()
    {
        var run = WicRun.Of(
            ["relay", .. Edge, "--user", Alice, "--password", _system.File(WafSystem.Password), .. Waf, "--waf-client", "machine",
                "--waf-secret", _system.File(WafSystem.Secret), .. ByWaf, .. Short]);
        run.AssertRefused("In registration scenario 1 the IMS does it, by SIP: ask the eP-CSCF");
        Assert.Equal(["discover", "token", "connect", "register", "challenge", "turn-token", "deregister"], run.Steps);
    }

    [Fact]
    public void What_the_WAF_refuses_is_said_in_its_own_words()
    {
        WicRun.Of(
            ["register", .. Edge, "--user", Alice, .. Waf, "--waf-client", "native", "--waf-user", "alice", "--waf-password",
                _system.File("wrong")]).AssertRefused("The login of alice was refused: The name or the password is wrong.");
        WicRun.Of(["register", .. Edge, "--user", Alice, .. Waf, "--waf-client", "stranger", .. Login])
            .AssertRefused("asks for more than a password; sign in by a browser");
        WicRun.Of(["relay", .. Edge, "--user", Alice, .. SignIn, .. ByWaf, "--turn-server-name", "turn2.localhost"])
            .AssertRefused("gives no token for turn2.localhost: invalid_target");
        WicRun.Of(["register", .. Edge, "--user", $"bob@{WafSystem.Realm}", .. SignIn]).AssertRefused("403");
    }

    [Fact]
    public void A_certificate_that_nobody_vouches_for_is_not_believed() => WicRun.Of(
        "register", "--server", _system.W2, "--user", Alice, "--waf", $"{_system.Issuer}", "--waf-client", "native",
        "--waf-user", "alice", "--waf-password", _system.File(WafSystem.Password)).AssertRefused("is not trusted; give --ca");

    [Fact]
    public async Task A_WAF_that_is_down_is_one_sentence()
    {
        await _system.StopWafAsync();
        WicRun.Of(["register", .. Edge, "--user", Alice, .. SignIn]).AssertRefused("check --waf, and that the WAF is up.");
        WicRun.Of(["register", .. Edge, "--wwsf", $"{_system.Site}", "--ca", _system.Ca])
            .AssertRefused("lends no identity: no_token.");
    }

    string[] Edge => ["--server", _system.W2];

    string[] Waf => ["--waf", $"{_system.Issuer}", "--ca", _system.Ca];

    string[] Login => ["--waf-user", "alice", "--waf-password", _system.File(WafSystem.Password)];

    string[] SignIn => [.. Waf, "--waf-client", "native", .. Login];

    string[] ByWaf => ["--credential", "waf", "--turn", _system.Turn];

    async Task<string> UserTokenAsync() => _system.File(await _system.UserTokenAsync());
}
