using System.Net;
using System.Text.RegularExpressions;

namespace Portunus.Tests.Io.Waf;

/// <summary>What the issue asks of the login page, a test for each sentence.</summary>
public partial class LoginTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_page_names_the_client_and_the_scopes()
    {
        await using var waf = await WafStand.StartAsync();
        var html = await waf.Browser.GetStringAsync(CodeFlow.Request(), Stop);
        Assert.Contains("<h1>Sign in for Telephone</h1>", html);
        Assert.Contains("<code>ims.register</code>", html);
        Assert.Contains("<code>turn</code>", html);
        Assert.DoesNotContain("offline_access", html);
    }

    [Fact]
    public async Task The_page_is_used_by_keyboard_and_read_aloud()
    {
        await using var waf = await WafStand.StartAsync();
        var html = await waf.Browser.GetStringAsync(CodeFlow.Request(), Stop);
        Assert.Contains("<html lang=\"en\">", html);
        // Every field that is seen has its label, the first one the focus, and the order of the page is that of the keys.
        foreach (Match field in VisibleField().Matches(html)) Assert.Contains($"<label for=\"{field.Groups[1].Value}\">", html);
        Assert.Equal(["user", "password"], VisibleField().Matches(html).Select(field => field.Groups[1].Value));
        Assert.Equal("user", Assert.Single(Focus().Matches(html)).Groups[1].Value);
        Assert.Contains("autocomplete=\"username\"", html);
        Assert.Contains("autocomplete=\"current-password\"", html);
        Assert.DoesNotContain("tabindex", html);
        // A real form with a real button: Enter sends it.
        Assert.Contains("<button type=\"submit\">", html);
        Assert.DoesNotContain("<script", html);

        // After a mistake: what is wrong is announced, and the focus is where to go on.
        var wrong = await (await waf.Browser.SignInAsync(CodeFlow.Request(), password: "wrong")).Content.ReadAsStringAsync(Stop);
        Assert.Contains("role=\"alert\"", wrong);
        Assert.Equal("password", Assert.Single(Focus().Matches(wrong)).Groups[1].Value);
        Assert.Contains("value=\"alice\"", wrong);
        Assert.DoesNotContain("value=\"wrong\"", wrong);
    }

    [Fact]
    public async Task The_page_runs_nothing_and_stands_in_no_frame()
    {
        await using var waf = await WafStand.StartAsync();
        var answer = await waf.Browser.GetAsync(CodeFlow.Request(), Stop);
        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        Assert.Equal(
            "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
            + "form-action 'self' https://wwsf.example.test", policy);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.True(answer.Headers.CacheControl!.NoStore);
        Assert.Equal(HttpStatusCode.OK, (await waf.Browser.GetAsync("/waf.css", Stop)).StatusCode);
    }

    [Fact]
    public async Task Only_the_way_back_by_query_is_offered_since_the_others_need_a_script()
    {
        await using var waf = await WafStand.StartAsync();
        var metadata = await waf.Browser.GetStringAsync("/.well-known/oauth-authorization-server", Stop);
        var modes = System.Text.Json.JsonDocument.Parse(metadata).RootElement.GetProperty("response_modes_supported");
        Assert.Equal("query", Assert.Single(modes.EnumerateArray()).GetString());
        await waf.Browser.CodeAsync();
        var answer = await waf.Browser.GetAsync(CodeFlow.Request(("response_mode", "form_post")), Stop);
        Assert.DoesNotContain("code", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task Cookies_are_for_this_host_and_for_no_script_and_come_from_no_other_site()
    {
        await using var waf = await WafStand.StartAsync();
        var page = await waf.Browser.GetAsync(CodeFlow.Request(), Stop);
        var form = Assert.Single(page.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-portunus-form=", form, StringComparison.Ordinal);
        Assert.Contains("samesite=strict", form);
        var signedIn = await waf.Browser.SubmitAsync(
            await page.Content.ReadAsStringAsync(Stop), ("user", "alice"), ("password", WafStand.Password));
        var session = Assert.Single(signedIn.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-portunus-session=", session, StringComparison.Ordinal);
        Assert.Contains("samesite=lax", session);
        foreach (var cookie in new[] { form, session })
        {
            Assert.Contains("secure", cookie);
            Assert.Contains("httponly", cookie);
            Assert.Contains("path=/", cookie);
        }
    }

    [Fact]
    public async Task A_form_that_another_site_sends_is_refused()
    {
        await using var waf = await WafStand.StartAsync();
        var html = await waf.Browser.GetStringAsync(CodeFlow.Request(), Stop);
        // Right password, but the form's token is not this browser's.
        var answer = await waf.Browser.SubmitAsync(
            html, ("user", "alice"), ("password", WafStand.Password), ("form_token", "forged"));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        waf.OpenBrowser();
        answer = await waf.Browser.SubmitAsync(html, ("user", "alice"), ("password", WafStand.Password));
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Nobody_and_a_wrong_password_get_the_same_answer()
    {
        await using var waf = await WafStand.StartAsync();
        var wrong = await (await waf.Browser.SignInAsync(CodeFlow.Request(), "alice", "wrong")).Content.ReadAsStringAsync(Stop);
        var nobody = await (await waf.Browser.SignInAsync(CodeFlow.Request(), "nobody", "wrong")).Content.ReadAsStringAsync(Stop);
        Assert.Contains("The name or the password is wrong.", wrong);
        Assert.Equal(FormToken().Replace(wrong, ""), FormToken().Replace(nobody, "").Replace("nobody", "alice"));
    }

    [Fact]
    public async Task After_five_wrong_passwords_a_user_waits_twice_as_long_each_time()
    {
        await using var waf = await WafStand.StartAsync();
        for (var i = 0; i < 5; i++)
            Assert.Equal(HttpStatusCode.OK, (await waf.Browser.SignInAsync(CodeFlow.Request(), password: "wrong")).StatusCode);
        var throttled = await waf.Browser.SignInAsync(CodeFlow.Request());
        Assert.Equal(HttpStatusCode.TooManyRequests, throttled.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(10), throttled.Headers.RetryAfter!.Delta);

        waf.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.OK, (await waf.Browser.SignInAsync(CodeFlow.Request(), password: "wrong")).StatusCode);
        throttled = await waf.Browser.SignInAsync(CodeFlow.Request());
        Assert.Equal(TimeSpan.FromSeconds(20), throttled.Headers.RetryAfter!.Delta);
        waf.Time.Advance(TimeSpan.FromSeconds(20));
        Assert.Equal(HttpStatusCode.Redirect, (await waf.Browser.SignInAsync(CodeFlow.Request())).StatusCode);
    }

    [Fact]
    public async Task After_five_wrong_passwords_for_any_users_an_address_waits()
    {
        await using var waf = await WafStand.StartAsync();
        for (var i = 0; i < 5; i++) await waf.Browser.SignInAsync(CodeFlow.Request(), $"user{i}", "wrong");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await waf.Browser.SignInAsync(CodeFlow.Request())).StatusCode);
        waf.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.Redirect, (await waf.Browser.SignInAsync(CodeFlow.Request())).StatusCode);
    }

    [Fact]
    public async Task A_name_that_looks_like_an_address_keeps_no_address_out()
    {
        await using var waf = await WafStand.StartAsync();
        // Four failures are the address's own; were the name taken for one, they would be eight.
        for (var i = 0; i < 4; i++) await waf.Browser.SignInAsync(CodeFlow.Request(), "from 127.0.0.1", "wrong");
        Assert.Equal(HttpStatusCode.Redirect, (await waf.Browser.SignInAsync(CodeFlow.Request())).StatusCode);
    }

    [Fact]
    public async Task A_first_party_client_is_not_asked_for_consent_and_the_session_signs_in_again()
    {
        await using var waf = await WafStand.StartAsync();
        await waf.Browser.CodeAsync();
        Assert.NotEmpty(CodeFlow.Code(await waf.Browser.GetAsync(CodeFlow.Request(), Stop)));
        // Asked to, it wants the password again.
        var again = await waf.Browser.GetAsync(CodeFlow.Request(("prompt", "login")), Stop);
        Assert.Contains("Sign in for", await again.Content.ReadAsStringAsync(Stop));
        waf.Time.Advance(TimeSpan.FromHours(13));
        var ended = await waf.Browser.GetAsync(CodeFlow.Request(), Stop);
        Assert.Equal(HttpStatusCode.OK, ended.StatusCode);
    }

    [Fact]
    public async Task A_stranger_is_shown_for_consent_and_gets_a_code_only_when_the_user_allows_it()
    {
        await using var waf = await WafStand.StartAsync();
        var request = CodeFlow.Request(("client_id", "stranger"), ("redirect_uri", "https://elsewhere.example.test/back"));
        var consent = await waf.Browser.GetAsync((await waf.Browser.SignInAsync(request)).Headers.Location, Stop);
        Assert.Equal(HttpStatusCode.OK, consent.StatusCode);
        var html = await consent.Content.ReadAsStringAsync(Stop);
        Assert.Contains("Let Somebody &lt;else&gt; act for you?", html);
        Assert.Contains("<code>ims.register</code>", html);

        var refused = await waf.Browser.SubmitAsync(html, ("answer", "no"));
        Assert.Contains("error=access_denied", refused.Headers.Location!.Query);
        var allowed = await waf.Browser.SubmitAsync(html, ("answer", "yes"));
        Assert.StartsWith("https://elsewhere.example.test/back?", allowed.Headers.Location!.ToString(), StringComparison.Ordinal);
        Assert.Contains("code=", allowed.Headers.Location!.Query);
        // Once is enough, for the scopes that were allowed.
        Assert.Contains("code=", (await waf.Browser.GetAsync(request, Stop)).Headers.Location!.Query);
    }

    [Fact]
    public async Task A_request_that_may_show_nothing_is_told_that_nobody_is_signed_in()
    {
        await using var waf = await WafStand.StartAsync();
        var answer = await waf.Browser.GetAsync(CodeFlow.Request(("prompt", "none")), Stop);
        Assert.Contains("error=login_required", answer.Headers.Location!.Query);
    }

    [GeneratedRegex("<input id=\"(\\w+)\"")]
    private static partial Regex VisibleField();

    [GeneratedRegex("<input id=\"(\\w+)\"[^>]* autofocus")]
    private static partial Regex Focus();

    [GeneratedRegex("<input type=\"hidden\" name=\"form_token\" value=\"[^\"]*\">")]
    private static partial Regex FormToken();
}
