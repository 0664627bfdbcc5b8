using System.Net;
using System.Text.Json;
using Portunus.Nodes.Waf;
using Portunus.Waf.Authorize;
using Portunus.Waf.Wwsf;

namespace Portunus.Tests.Io.Waf;

/// <summary>Scenario 3: a site and its pool of two identities, with a WAF that makes the tokens.</summary>
public sealed class PoolTests : IAsyncLifetime
{
    const string Web1 = $"sip:web1@{WafStand.Realm}", Web2 = $"sip:web2@{WafStand.Realm}";

    readonly Authority _operator = Authority.Create();
    WafStand _waf = null!;
    WwsfNode _site = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var certificate = _operator.Issue("waf.example.test");
        _waf = await WafStand.StartAsync(settings => settings with
        {
            Certificate = certificate,
            Waf = settings.Waf with { TurnKeys = new Dictionary<string, Credentials.TokenKey>() },
        });
        _site = await StartSiteAsync(guests: true);
    }

    public async ValueTask DisposeAsync()
    {
        await _site.DisposeAsync();
        await _waf.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task A_guest_gets_an_identity_and_a_token_that_ends_with_the_lease()
    {
        using var guest = NewVisitor();
        var (status, lease) = await TakeAsync(guest);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(Web1, lease.Text("impu"));
        Assert.Equal((600, 600), (lease.GetProperty("lease_expires_in").GetInt32(), lease.GetProperty("expires_in").GetInt32()));
        var (_, claims) = CodeFlow.Read(lease.Text("access_token"));
        Assert.Equal((Web1, 3), (claims.GetProperty("ims_impu")[0].GetString(), claims.GetProperty("scenario").GetInt32()));
        Assert.Equal(_waf.Time.UnixSeconds + 600, claims.GetProperty("exp").GetInt64());
        Assert.DoesNotContain(lease.Text("access_token"), _waf.Logs.Text);
    }

    [Fact]
    public async Task An_identity_stays_with_its_holder_while_it_is_used_and_in_the_grace_after()
    {
        using var first = NewVisitor();
        using var second = NewVisitor();
        Assert.Equal(Web1, (await TakeAsync(first)).Json.Text("impu"));
        for (var i = 0; i < 5; i++)
        {
            _waf.Time.Advance(TimeSpan.FromMinutes(5));
            Assert.Equal(Web1, (await TakeAsync(first)).Json.Text("impu"));
        }

        // 30 seconds within the grace of 2 minutes.
        _waf.Time.Advance(TimeSpan.FromMinutes(11.5));
        Assert.Equal(Web2, (await TakeAsync(second)).Json.Text("impu"));
        Assert.Equal(Web1, (await TakeAsync(first)).Json.Text("impu"));
    }

    [Fact]
    public async Task A_pool_that_is_exhausted_says_503_and_when_to_come_back()
    {
        using var first = NewVisitor();
        using var second = NewVisitor();
        using var third = NewVisitor();
        await TakeAsync(first);
        _waf.Time.Advance(TimeSpan.FromMinutes(1));
        await TakeAsync(second);
        using var full = await third.PostAsync("/wwsf/lease", null, Stop);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, full.StatusCode);
        // The first one's lease and its grace, less the minute.
        Assert.Equal(TimeSpan.FromMinutes(11), full.Headers.RetryAfter!.Delta);
        _waf.Time.Advance(TimeSpan.FromMinutes(11));
        Assert.Equal(Web1, (await TakeAsync(third)).Json.Text("impu"));
    }

    [Fact]
    public async Task Of_the_free_identities_the_one_that_rested_longest_is_given()
    {
        using var first = NewVisitor();
        using var second = NewVisitor();
        using var third = NewVisitor();
        await TakeAsync(first);
        await TakeAsync(second);
        _waf.Time.Advance(TimeSpan.FromMinutes(1));
        // Web1 is used later than Web2, and then both are free.
        await TakeAsync(first);
        _waf.Time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(Web2, (await TakeAsync(third)).Json.Text("impu"));
    }

    [Fact]
    public async Task The_end_of_a_lease_ends_its_token_and_gives_the_identity_to_nobody_before_the_token_could_count()
    {
        using var first = NewVisitor();
        using var second = NewVisitor();
        using var third = NewVisitor();
        var token = (await TakeAsync(first)).Json.Text("access_token");
        await TakeAsync(second);
        Assert.True(await CodeFlowTests.IsActiveAsync(_waf, token));
        using HttpRequestMessage end = new(HttpMethod.Delete, "/wwsf/lease");
        end.Headers.Authorization = CodeFlow.Bearer(token);
        using var ended = await first.SendAsync(end, Stop);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.False(await CodeFlowTests.IsActiveAsync(_waf, token));

        // An edge that verifies by signature alone would take the token until its end.
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await TakeAsync(third)).Status);
        _waf.Time.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal(Web1, (await TakeAsync(third)).Json.Text("impu"));
    }

    [Fact]
    public async Task A_site_without_guests_wants_a_login_and_makes_who_guesses_wait()
    {
        await using var site = await StartSiteAsync(guests: false);
        using var visitor = NewVisitor(site);
        Assert.Equal(HttpStatusCode.Unauthorized, (await TakeAsync(visitor)).Status);
        for (var i = 0; i < 5; i++) Assert.Equal(HttpStatusCode.Unauthorized, await LoginAsync(visitor, "wrong"));
        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginAsync(visitor, "right"));
        _waf.Time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(HttpStatusCode.NoContent, await LoginAsync(visitor, "right"));
        Assert.Equal(Web1, (await TakeAsync(visitor)).Json.Text("impu"));
        // The same person in another browser is the same holder.
        using var elsewhere = NewVisitor(site);
        await LoginAsync(elsewhere, "right");
        Assert.Equal(Web1, (await TakeAsync(elsewhere)).Json.Text("impu"));
    }

    [Fact]
    public async Task An_address_that_forgets_its_cookie_cannot_take_the_whole_pool()
    {
        await using var site = await StartSiteAsync(guests: true, guestsPerAddress: 1);
        using var first = NewVisitor(site);
        using var second = NewVisitor(site);
        Assert.Equal(HttpStatusCode.OK, (await TakeAsync(first)).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await TakeAsync(second)).Status);
        Assert.Equal(HttpStatusCode.OK, (await TakeAsync(first)).Status);
    }

    [Fact]
    public async Task A_page_of_another_site_is_refused()
    {
        using var visitor = NewVisitor();
        using HttpRequestMessage request = new(HttpMethod.Post, "/wwsf/lease");
        request.Headers.Add("Origin", "https://evil.example.test");
        using var response = await visitor.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task A_WAF_that_is_down_is_503_and_the_identity_waits_for_its_holder()
    {
        await using var site = await StartSiteAsync(guests: true, wafPort: 1);
        using var visitor = NewVisitor(site);
        var (status, json) = await TakeAsync(visitor);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "no_token"), (status, json.Text("error")));
    }

    [Fact]
    public async Task Health_says_ok_and_nothing_else()
    {
        using var visitor = NewVisitor();
        Assert.Equal("ok\n", await visitor.GetStringAsync("/health", Stop));
        Assert.Equal("ok\n", await _waf.Browser.GetStringAsync("/health", Stop));
    }

    Task<WwsfNode> StartSiteAsync(bool guests, int guestsPerAddress = 100, int? wafPort = null) => WwsfNode.StartAsync(
        new()
        {
            Listen = new(IPAddress.Loopback, 0), Store = _waf.Store, Time = _waf.Time,
            WafAddress = new(IPAddress.Loopback, wafPort ?? _waf.Node.Port),
            Wwsf = new()
            {
                Waf = WafStand.Issuer, WafAuthorities = [_operator.Public], ClientId = "site", ClientSecret = WafStand.Secret,
                Impus = [Web1, Web2], AllowsGuests = guests, GuestsPerAddress = guestsPerAddress,
                Users = new Dictionary<string, string> { ["carol"] = new Passwords(1000).Hash("carol", "right") },
            },
        },
        _waf.Logs);

    HttpClient NewVisitor(WwsfNode? site = null) =>
        new(new SocketsHttpHandler { CookieContainer = new() }) { BaseAddress = new($"http://127.0.0.1:{(site ?? _site).Port}") };

    static async Task<(HttpStatusCode Status, JsonElement Json)> TakeAsync(HttpClient visitor)
    {
        using var response = await visitor.PostAsync("/wwsf/lease", null, Stop);
        return (response.StatusCode, JsonDocument.Parse(await response.Content.ReadAsStringAsync(Stop)).RootElement);
    }

    static async Task<HttpStatusCode> LoginAsync(HttpClient visitor, string password)
    {
        using FormUrlEncodedContent form = new(new Dictionary<string, string> { ["user"] = "carol", ["password"] = password });
        using var response = await visitor.PostAsync("/wwsf/login", form, Stop);
        return response.StatusCode;
    }
}
