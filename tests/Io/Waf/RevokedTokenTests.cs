using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Tests.Io.Matrix;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Waf;

/// <summary>What a WAF revokes ends at the TURN servers, over real sockets, where the revocation feed is on.</summary>
public sealed class RevokedTokenTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("access token")]
    [InlineData("refresh token")]
    [InlineData("password")]
    [InlineData("removal")]
    public async Task Drill_12_what_is_revoked_at_the_WAF_relays_no_more(string revoked)
    {
        await using var stand = await RevocationStand.StartAsync(hasFeed: true);
        var (token, refresh) = await SignInAsync(stand);
        var carol = WafStand.Alice with { Name = "carol", Impi = $"carol@{WafStand.Realm}" };
        await stand.Waf.Store.SaveUserAsync(carol, Stop);
        var other = await OtherAsync(stand);
        var turn = await stand.TurnTokenAsync(token);
        using var client = MatrixClient.Relay(() => stand.Open(turn));
        using var kept = stand.Open(other);
        Assert.Null(kept.Allocate().Error);
        var began = TimeProvider.System.GetTimestamp();
        switch (revoked)
        {
            case "access token":
                await stand.RevokeAsync(token);
                break;
            case "refresh token":
                await stand.RevokeAsync(refresh);
                break;
            case "password":
                await stand.Waf.Store.SaveUserAsync(
                    WafStand.Alice with { PasswordHash = new Passwords(1000).Hash("alice", "another password") }, Stop);
                break;
            case "removal":
                Assert.True(await stand.Waf.Store.DeleteUserAsync("alice", Stop));
                break;
        }

        // Nobody else's.
        await Eventually.TrueAsync(() => stand.Turn.Sessions().Length == 1);
        TestContext.Current.TestOutputHelper!.WriteLine($"cut after {TimeProvider.System.GetElapsedTime(began).TotalMilliseconds:F0} ms");
        using var again = stand.Open(turn);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
        Assert.Null(kept.Refresh(600).Error);
    }

    [Fact]
    public async Task Drill_12_without_the_feed_a_revoked_token_relays_until_it_ends()
    {
        await using var stand = await RevocationStand.StartAsync(hasFeed: false);
        var (token, _) = await SignInAsync(stand);
        var turn = await stand.TurnTokenAsync(token);
        using var client = MatrixClient.Relay(() => stand.Open(turn));
        await stand.RevokeAsync(token);
        Assert.Null(client.Refresh(600).Error);
        using var again = MatrixClient.Relay(() => stand.Open(turn));
        Assert.InRange(turn.Lifetime, 1u, 1800u);
    }

    [Fact]
    public async Task A_TURN_server_that_begins_anew_is_told_again_what_the_WAF_revoked()
    {
        await using var stand = await RevocationStand.StartAsync(hasFeed: true);
        var (token, _) = await SignInAsync(stand);
        var turn = await stand.TurnTokenAsync(token);
        await stand.RevokeAsync(token);
        await UntilRefusedAsync(stand, turn);
        await stand.RestartTurnAsync();
        await UntilRefusedAsync(stand, turn);
    }

    [Fact]
    public async Task A_WAF_that_begins_anew_tells_what_was_revoked_while_it_was_away()
    {
        await using var stand = await RevocationStand.StartAsync(hasFeed: false);
        var (token, _) = await SignInAsync(stand);
        var turn = await stand.TurnTokenAsync(token);
        using var client = MatrixClient.Relay(() => stand.Open(turn));
        await stand.RevokeAsync(token);
        stand.StartFeed();
        await UntilRefusedAsync(stand, turn);
        // First it is denied, then the workers end what it has.
        await Eventually.TrueAsync(() => stand.Turn.Sessions().Length == 0);
    }

    static Task UntilRefusedAsync(RevocationStand stand, IssuedToken turn) => Eventually.TrueAsync(() =>
    {
        using var client = stand.Open(turn);
        return client.Allocate().Error == ErrorCode.Unauthenticated;
    });

    static async Task<(string Access, string Refresh)> SignInAsync(RevocationStand stand)
    {
        var tokens = await stand.Waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        return (tokens.Text("access_token"), tokens.Text("refresh_token"));
    }

    /// <summary>Another user's.</summary>
    static async Task<IssuedToken> OtherAsync(RevocationStand stand)
    {
        stand.Waf.OpenBrowser();
        var signedIn = await stand.Waf.Browser.SignInAsync(CodeFlow.Request(), "carol");
        var code = CodeFlow.Code(await stand.Waf.Browser.GetAsync(signedIn.Headers.Location, Stop));
        return await stand.TurnTokenAsync((await stand.Waf.Browser.RedeemAsync(code)).Text("access_token"));
    }
}
