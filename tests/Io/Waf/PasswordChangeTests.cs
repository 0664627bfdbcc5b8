using System.Net;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Waf;

/// <summary>Another password, or no user any more: what was given out under the old one counts no more.</summary>
public sealed class PasswordChangeTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("password")]
    [InlineData("identity")]
    [InlineData("removal")]
    public async Task It_ends_the_sign_in_the_refresh_tokens_the_codes_and_the_access_tokens(string change)
    {
        await using var waf = await WafStand.StartAsync();
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        var code = CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop));
        await ChangeAsync(waf, change);

        var page = await waf.Browser.GetAsync(CodeFlow.Request(), Stop);
        // Who has other identities knows the password: the sign-in stays, and what was made of it is made anew.
        Assert.Equal(change == "identity" ? HttpStatusCode.Redirect : HttpStatusCode.OK, page.StatusCode);
        var refreshed = await waf.Browser.TokenAsync(
            null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
        Assert.Equal("invalid_grant", refreshed.Text("error"));
        Assert.Equal("invalid_grant", (await waf.Browser.RedeemAsync(code)).Text("error"));
        var told = await waf.Browser.PostFormAsync(
            "/oauth/introspect", WafStand.Realm, ("token", tokens.Text("access_token")));
        Assert.Equal("False", told.Text("active"));
        var (status, _) = await TurnTokenTests.AskAsync(waf, tokens.Text("access_token"), ("aud", "turn1.ims.example.net"));
        Assert.Equal(HttpStatusCode.Unauthorized, status);
    }

    [Fact]
    public async Task What_was_under_way_when_the_password_changed_comes_to_nothing()
    {
        await using var waf = await WafStand.StartAsync();
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        // As of a sign-in that read the user before, and kept its authorization after: no row says that it is revoked.
        await waf.OverwriteHashAsync("alice", new Passwords(1000).Hash("alice", "another password"));
        var refreshed = await waf.Browser.TokenAsync(
            null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
        Assert.Equal("invalid_grant", refreshed.Text("error"));
        Assert.Equal("The user has another password; sign in anew.", refreshed.Text("error_description"));
        Assert.Equal(HttpStatusCode.OK, (await waf.Browser.GetAsync(CodeFlow.Request(), Stop)).StatusCode);
    }

    [Fact]
    public async Task Nobody_else_is_signed_out_nor_a_user_who_is_written_as_it_was()
    {
        await using var waf = await WafStand.StartAsync();
        var carol = WafStand.Alice with { Name = "carol", Impi = $"carol@{WafStand.Realm}" };
        await waf.Store.SaveUserAsync(carol, Stop);
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        await waf.Store.SaveUserAsync(WafStand.Alice, Stop);
        Assert.True(await waf.Store.DeleteUserAsync("carol", Stop));
        Assert.NotEmpty(CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop)));
        var refreshed = await waf.Browser.TokenAsync(
            null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
        Assert.NotEmpty(refreshed.Text("access_token"));
    }

    [Fact]
    public async Task A_refresh_token_that_is_given_back_takes_the_access_tokens_of_its_sign_in_along()
    {
        await using var waf = await WafStand.StartAsync();
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        var other = await waf.Browser.RedeemAsync(CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop)));
        await waf.Browser.PostFormAsync(
            "/oauth/revoke", null, ("client_id", "page"), ("token", tokens.Text("refresh_token")));
        Assert.Equal("False", (await IntrospectAsync(tokens.Text("access_token"))).Text("active"));
        // Another sign-in of the same user is another thing.
        Assert.Equal("True", (await IntrospectAsync(other.Text("access_token"))).Text("active"));

        Task<System.Text.Json.JsonElement> IntrospectAsync(string token) =>
            waf.Browser.PostFormAsync("/oauth/introspect", WafStand.Realm, ("token", token));
    }

    static Task ChangeAsync(WafStand waf, string change) => change switch
    {
        "password" => waf.Store.SaveUserAsync(
            WafStand.Alice with { PasswordHash = new Passwords(1000).Hash("alice", "another password") }, Stop),
        "identity" => waf.Store.SaveUserAsync(WafStand.Alice with { Impus = [$"sip:alison@{WafStand.Realm}"] }, Stop),
        _ => waf.Store.DeleteUserAsync("alice", Stop),
    };
}
