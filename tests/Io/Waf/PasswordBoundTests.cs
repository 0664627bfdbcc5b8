using System.Net;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Waf;

/// <summary>So many passwords are checked at a time, whoever sends them: each costs a core, on purpose.</summary>
public sealed class PasswordBoundTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Beyond_the_bound_a_login_is_told_to_come_again_and_has_not_failed()
    {
        var checks = new PasswordChecks(new Passwords(1000), atATime: 1, TimeSpan.FromMilliseconds(10));
        await using var waf = await WafStand.StartAsync(settings => settings with
        {
            Waf = settings.Waf with { PasswordChecks = checks, FreeFailures = 1 },
        });
        using (await checks.TakeTurnAsync(Stop))
        {
            for (var i = 0; i < 3; i++)
            {
                var turnedAway = await waf.Browser.SignInAsync(CodeFlow.Request());
                Assert.Equal(HttpStatusCode.ServiceUnavailable, turnedAway.StatusCode);
                Assert.Equal(TimeSpan.FromSeconds(5), turnedAway.Headers.RetryAfter!.Delta);
                Assert.Contains("Too many sign in at once", await turnedAway.Content.ReadAsStringAsync(Stop));
            }
        }

        Assert.Equal(HttpStatusCode.Redirect, (await waf.Browser.SignInAsync(CodeFlow.Request())).StatusCode);
        // Whether the password was wrong or right, or one had to wait: a turn ends with its check.
        var wrong = await waf.Browser.SignInAsync(CodeFlow.Request(("prompt", "login")), password: "wrong");
        Assert.Equal(HttpStatusCode.OK, wrong.StatusCode);
        var throttled = await waf.Browser.SignInAsync(CodeFlow.Request(("prompt", "login")));
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        using var free = await checks.TakeTurnAsync(Stop);
        Assert.NotNull(free);
    }

    [Fact]
    public async Task One_waits_for_its_turn_and_a_turn_is_given_back_once()
    {
        var checks = new PasswordChecks(new Passwords(1000), atATime: 1, TimeSpan.FromMinutes(1));
        var first = await checks.TakeTurnAsync(Stop);
        var second = checks.TakeTurnAsync(Stop);
        Assert.False(second.IsCompleted);
        Assert.True(await first!.CheckAsync(WafStand.Alice, WafStand.Password));
        first.Dispose();
        Assert.NotNull(await second);
        var third = checks.TakeTurnAsync(Stop);
        Assert.False(third.IsCompleted);
        (await second)!.Dispose();
        (await third)!.Dispose();
    }
}
