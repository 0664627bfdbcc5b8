using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Portunus.Credentials;
using Portunus.Nodes.Admin;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Serve;

public sealed class AdminTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    static readonly string[] Rows =
        ["portunus_turn_credentials_tried_total ", "portunus_edge_flows ", "portunus_edge_events_total{event=\"registered\"} "];

    [Fact]
    public async Task Health_and_metrics_are_open_on_loopback()
    {
        Assert.Equal((200, """{"status":"up"}"""), await fixture.GetAsync("/health", token: null));
        var (status, metrics) = await fixture.GetAsync("/metrics", token: null);
        Assert.Equal(200, status);
        Assert.All(Rows, row => Assert.Contains($"\n{row}", metrics, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_decision_of_the_TURN_server_is_counted()
    {
        var before = await CountAsync("portunus_turn_errors_total{transport=\"udp\",code=\"401\"}");
        using var client = new RawClient(fixture.Turn, "nobody", "nothing");
        Assert.Equal(ErrorCode.Unauthenticated, client.Allocate().Error);
        Assert.InRange(await CountAsync("portunus_turn_errors_total{transport=\"udp\",code=\"401\"}"), before + 1, long.MaxValue);
    }

    [Theory]
    [InlineData("/v1/sessions", null)]
    [InlineData("/v1/sessions", "another-token-of-nobody")]
    [InlineData("/v1/registrations", null)]
    [InlineData("/v1/registrations/x", "")]
    public async Task Sessions_and_registrations_are_for_the_bearer_alone(string path, string? token) =>
        Assert.Equal(401, (await fixture.GetAsync(path, token)).Status);

    [Fact]
    public async Task A_session_is_listed_shown_and_ended_and_its_credential_with_it()
    {
        Assert.True(SharedSecret.TryParse("a secret of relays", out var secret));
        var minted = TimeLimitedCredential.MintFor(secret, Portunus.Nodes.SystemClock.Now.UnixSeconds + 600, "0123456789ab");
        using var client = new RawClient(fixture.Turn, minted.Username, minted.Password);
        Assert.Null(client.Allocate().Error);
        var session = Assert.Single(await ListAsync("sessions"), one => one.GetProperty("name").GetString() == "0123456789ab");
        Assert.EndsWith($":{client.Local.Port}", session.GetProperty("client").GetString(), StringComparison.Ordinal);
        Assert.Equal(("udp", 0), (session.GetProperty("transport").GetString(), session.GetProperty("toPeerBytes").GetInt64()));
        var path = $"/v1/sessions/{session.GetProperty("id").GetString()}";
        Assert.Equal((200, session.GetRawText()), await fixture.GetAsync(path));

        using var ended = await fixture.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(404, (await fixture.GetAsync(path)).Status);
        Assert.NotNull(client.Refresh(600).Error);
        using var again = new RawClient(fixture.Turn, minted.Username, minted.Password);
        Assert.NotNull(again.Allocate().Error);
    }

    [Fact]
    public void A_credential_stays_revoked_for_as_long_as_a_TURN_server_would_take_it()
    {
        Assert.InRange(TimeSpan.FromSeconds(AccessToken.LongestLifetime + (2 * AccessToken.Delta)), TimeSpan.Zero, Sessions.Denial);
        Assert.InRange(new PushedCredentialsSettings().LongestLife, TimeSpan.Zero, Sessions.Denial);
    }

    [Fact]
    public async Task The_session_of_a_static_user_ends_and_the_user_may_come_back()
    {
        using var client = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        Assert.Null(client.Allocate().Error);
        var session = (await ListAsync("sessions")).First(one => one.GetProperty("name").GetString() == "user");
        using var ended = await fixture.SendAsync(HttpMethod.Delete, $"/v1/sessions/{session.GetProperty("id").GetString()}");
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(ErrorCode.AllocationMismatch, client.Refresh(600).Error);
        using var again = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        Assert.Null(again.Allocate().Error);
    }

    [Fact]
    public async Task A_registration_is_listed_shown_and_ended_by_the_operator()
    {
        await using var wic = await fixture.ConnectAsync("alice");
        // A core that is still warming up on a loaded machine may say 504.
        await Eventually.TrueAsync(async () => (await wic.RegisterAsync(ConfigurationFolder.Password)).Status == 200);
        // The edge asks the core, after the 200, to be told of the end.
        await Eventually.TrueAsync(async () =>
            Assert.Single(await ListAsync("registrations")).GetProperty("isWatched").GetBoolean());
        var registration = Assert.Single(await ListAsync("registrations"));
        Assert.Equal("sip:alice@ims.example.net", registration.GetProperty("identity").GetString());
        Assert.True(registration.GetProperty("isConnected").GetBoolean());
        var path = $"/v1/registrations/{registration.GetProperty("id").GetString()}";
        Assert.Equal((200, registration.GetRawText()), await fixture.GetAsync(path));

        using var ended = await fixture.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Equal(WebSocketCloseStatus.NormalClosure, await wic.ReceiveCloseAsync());
        Assert.Equal(404, (await fixture.GetAsync(path)).Status);
        using var twice = await fixture.SendAsync(HttpMethod.Delete, path);
        Assert.Equal(HttpStatusCode.NotFound, twice.StatusCode);
    }

    [Theory]
    [InlineData("evil.example")]
    [InlineData("127.0.0.1.evil.example")]
    public async Task A_name_that_a_stranger_points_here_is_refused(string host) =>
        Assert.Equal(421, (await fixture.GetAsync("/health", token: null, host)).Status);

    [Fact]
    public async Task What_is_not_there_is_404_and_another_method_405()
    {
        Assert.Equal(404, (await fixture.GetAsync("/v1/nothing")).Status);
        using var post = await fixture.SendAsync(HttpMethod.Post, "/health", token: null);
        Assert.Equal((HttpStatusCode.MethodNotAllowed, "GET"), (post.StatusCode, post.Content.Headers.Allow.Single()));
    }

    [Fact]
    public async Task Beyond_loopback_it_is_TLS_and_even_metrics_need_the_bearer()
    {
        using var folder = new ConfigurationFolder();
        using var process = PortunusProcess.Serve("serve", "--config", folder.Write("turn.json", """
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"] },
              "admin": { "listen": "0.0.0.0:0", "tokenFile": "admin-token", "certificate": "certificate.pem" } }
            """));
        var port = process.Output.First(line => line.StartsWith("listening admin ", StringComparison.Ordinal)).Split(':')[^1];
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
        var metrics = new Uri($"https://localhost:{port}/metrics");
        using var without = await http.GetAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Unauthorized, without.StatusCode);
        http.DefaultRequestHeaders.Authorization = new("Bearer", ConfigurationFolder.Token);
        using var with = await http.GetAsync(metrics, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, with.StatusCode);
    }

    [Fact]
    public async Task The_command_turn_has_an_admin_listener_on_loopback_too()
    {
        using var folder = new ConfigurationFolder();
        using var process = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org",
            "--secret", $"@{folder.Path}/turn-secret", "--admin", "127.0.0.1:0", "--admin-token", $"@{folder.Path}/admin-token");
        var at = process.Output.First(line => line.StartsWith("listening admin ", StringComparison.Ordinal)).Split(' ')[^1];
        using var http = new HttpClient { DefaultRequestHeaders = { Authorization = new("Bearer", ConfigurationFolder.Token) } };
        Assert.Equal("{\"sessions\":[]}", await http.GetStringAsync(
            new Uri($"http://{at}/v1/sessions"), TestContext.Current.CancellationToken));
        Assert.Equal(0, process.Terminate());

        string[] flags = ["turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "r", "--secret", "env:HOME"];
        Assert.Equal(2, PortunusProcess.Run([.. flags, "--admin", "192.0.2.1:9641"]).ExitCode);
    }

    async Task<long> CountAsync(string row)
    {
        var (_, metrics) = await fixture.GetAsync("/metrics", token: null);
        return metrics.Split('\n').FirstOrDefault(line => line.StartsWith(row + " ", StringComparison.Ordinal)) is { } line
            ? long.Parse(line[(row.Length + 1)..]) : 0;
    }

    async Task<JsonElement[]> ListAsync(string what)
    {
        var (status, text) = await fixture.GetAsync($"/v1/{what}");
        Assert.Equal(200, status);
        using var list = JsonDocument.Parse(text);
        return [.. list.RootElement.GetProperty(what).EnumerateArray().Select(one => one.Clone())];
    }
}
