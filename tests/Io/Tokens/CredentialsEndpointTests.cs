using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Epcscf;
using Portunus.Nodes.Outside;
using Portunus.Tests.Io.W2;

namespace Portunus.Tests.Io.Tokens;

/// <summary>Credentials by HTTP, from the socket to the machine and back.</summary>
public sealed class CredentialsEndpointTests : IAsyncLifetime
{
    const string Waf = "https://waf.ims.example.net";

    readonly HttpClient _http = new();
    W2Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await StartAsync();

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _server.DisposeAsync();
    }

    static Task<W2Server> StartAsync(bool takesGet = false, Func<IProvisioning>? provisioning = null) => W2Server.StartAsync(
        changeEdge: settings => settings with { Tokens = new() { Wafs = [new() { Issuer = Waf }] } },
        tokens: new Known(), takesGet: takesGet, provisioning: provisioning);

    [Fact]
    public async Task A_good_token_gets_ice_servers_that_nobody_stores()
    {
        using var response = await AskAsync(HttpMethod.Post, "good");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl!.NoStore);
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var server = Assert.Single(json.RootElement.GetProperty("iceServers").EnumerateArray());
        Assert.Equal("turn:127.0.0.1:3478?transport=udp", server.GetProperty("urls")[0].GetString());
        Assert.Matches("^[0-9]{10}:[0-9a-v]{16}$", server.GetProperty("username").GetString());
        Assert.Equal(28, server.GetProperty("credential").GetString()!.Length);
        Assert.InRange(json.RootElement.GetProperty("ttl").GetInt32(), 240, 300);
    }

    [Theory]
    [InlineData(null, 401, "Bearer realm=\"ims.example.net\"")]
    [InlineData("bad", 401, "Bearer realm=\"ims.example.net\", error=\"invalid_token\"")]
    [InlineData("a b", 401, "Bearer realm=\"ims.example.net\", error=\"invalid_token\"")]
    [InlineData("foreign", 403, null)]
    [InlineData("later", 503, null)]
    public async Task Another_token_is_told_why(string? token, int status, string? challenge)
    {
        using var response = await AskAsync(HttpMethod.Post, token);
        Assert.Equal((status, challenge), ((int)response.StatusCode, response.Headers.WwwAuthenticate.SingleOrDefault()?.ToString()));
        Assert.Equal(status == 503, response.Headers.RetryAfter is not null);
    }

    [Fact]
    public async Task A_page_of_the_list_may_ask_and_no_other()
    {
        using var allowed = await AskAsync(HttpMethod.Post, "good", _server.Origin);
        Assert.Equal([_server.Origin], allowed.Headers.GetValues("Access-Control-Allow-Origin"));
        using var preflight = await AskAsync(HttpMethod.Options, null, _server.Origin);
        Assert.Equal(HttpStatusCode.NoContent, preflight.StatusCode);
        Assert.Equal(["POST, OPTIONS"], preflight.Headers.GetValues("Access-Control-Allow-Methods"));
        foreach (var origin in new[] { "https://evil.example", "null", _server.Origin + "0" })
        {
            using var refused = await AskAsync(HttpMethod.Post, "good", origin);
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.False(refused.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }

    [Fact]
    public async Task GET_is_served_where_it_is_configured_only_and_a_username_is_ignored()
    {
        using var refused = await AskAsync(HttpMethod.Get, "good");
        Assert.Equal(HttpStatusCode.MethodNotAllowed, refused.StatusCode);
        await using var server = await StartAsync(takesGet: true);
        using var response = await AskAsync(HttpMethod.Get, "good", server: server, query: "?service=turn&username=mallory");
        using var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.DoesNotContain("mallory", json.RootElement.GetProperty("username").GetString(), StringComparison.Ordinal);
        Assert.Equal(28, json.RootElement.GetProperty("password").GetString()!.Length);
        Assert.Equal(1, json.RootElement.GetProperty("uris").GetArrayLength());
    }

    [Fact]
    public async Task A_machine_that_fails_at_a_request_answers_503_and_goes_on()
    {
        await using var server = await StartAsync(provisioning: () => new Failing());
        for (var i = 0; i < 2; i++)
        {
            using var response = await AskAsync(HttpMethod.Post, "good", server: server);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        }
    }

    async Task<HttpResponseMessage> AskAsync(
        HttpMethod method, string? token, string? origin = null, W2Server? server = null, string query = "")
    {
        using var request = new HttpRequestMessage(method, $"http://127.0.0.1:{(server ?? _server).HttpPort}/turn/credentials{query}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        if (origin is not null) request.Headers.Add("Origin", origin);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    sealed class Failing : IProvisioning
    {
        public Provision Provide(Instant now, CredentialWish wish) => throw new InvalidOperationException("A defect.");

        public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => [];
    }

    sealed class Known : ITokenVerifier
    {
        public Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience) => Task.FromResult<EdgeAnswer>(
            token switch
            {
                "good" => new EdgeAnswer.Verified(Claims(Waf)),
                "foreign" => new EdgeAnswer.Verified(Claims("https://evil.example")),
                "later" => new EdgeAnswer.NotVerified(TokenFault.Unavailable),
                _ => new EdgeAnswer.NotVerified(TokenFault.Invalid),
            });

        static TokenClaims Claims(string issuer) => new()
        {
            PrivateIdentity = "alice@ims.example.net",
            Identities = ["sip:alice@ims.example.net"],
            Issuer = issuer,
            Scenario = Scenario.Web,
            Expires = DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 300,
            Id = "1",
            Scopes = ["ims.register"],
        };
    }
}
