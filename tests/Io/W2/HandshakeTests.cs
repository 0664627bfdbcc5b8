using System.Net;

namespace Portunus.Tests.Io.W2;

public sealed class HandshakeTests : IAsyncLifetime
{
    W2Server _server = null!;

    public async ValueTask InitializeAsync() => _server = await W2Server.StartAsync();

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task The_sub_protocol_sip_is_accepted_and_echoed()
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        var answer = await socket.HandshakeAsync(_server.HttpPort, ("Sec-WebSocket-Protocol", "msrp, sip"));
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Protocol: sip\r\n", answer, StringComparison.Ordinal);
        // RFC 6455 §1.3: the answer to the key of its example.
        Assert.Contains("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("Sec-WebSocket-Extensions", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("xmpp")]
    [InlineData("SIP2")]
    [InlineData("")]
    public Task Another_sub_protocol_is_refused_400(string? protocol) => RefusedAsync(400, ("Sec-WebSocket-Protocol", protocol));

    [Theory]
    [InlineData("http://evil.example")]
    [InlineData("null")]
    [InlineData("http://localhost")]
    [InlineData("http://localhost:1")]
    [InlineData("HTTP://LOCALHOST:8080")]
    public Task A_page_of_another_origin_is_refused_403(string origin) => RefusedAsync(403, ("Origin", origin));

    [Fact]
    public Task The_right_host_with_another_scheme_is_another_origin() =>
        RefusedAsync(403, ("Origin", _server.Origin.Replace("http:", "https:", StringComparison.Ordinal)));

    [Fact]
    public async Task A_listed_origin_is_accepted()
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        var answer = await socket.HandshakeAsync(_server.HttpPort, ("Origin", _server.Origin));
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Forwarded", "for=192.0.2.1")]
    [InlineData("X-Forwarded-For", "192.0.2.1")]
    [InlineData("x-forwarded-proto", "https")]
    [InlineData("X-Forwarded-Whatever", "")]
    public Task What_a_proxy_forwarded_is_refused_403(string name, string value) => RefusedAsync(403, (name, value));

    [Theory]
    [InlineData("evil.example")]
    [InlineData("localhost.evil.example")]
    [InlineData("192.0.2.1:8080")]
    [InlineData("0.0.0.0:8080")]
    [InlineData("2130706433")]
    [InlineData("[::ffff:192.0.2.1]:80")]
    [InlineData("")]
    public Task A_host_that_is_not_loopback_is_refused(string host) => RefusedAsync(403, ("Host", host));

    [Theory]
    [InlineData("Host", "edge.ims.example.net")]
    [InlineData("X-Forwarded-Proto", "http")]
    public Task Drill_5_over_plain_WS_from_beyond_this_machine_no_credential_can_be_asked_for(string name, string value) =>
        RefusedAsync(403, (name, value));

    [Theory]
    [InlineData("localhost")]
    [InlineData("LocalHost:1234")]
    [InlineData("127.0.0.1:8080")]
    [InlineData("[::1]:8080")]
    public async Task A_loopback_host_is_accepted_with_any_port(string host)
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        var answer = await socket.HandshakeAsync(_server.HttpPort, ("Host", host));
        Assert.StartsWith("HTTP/1.1 101 ", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_upgrade_the_answer_says_what_is_spoken_here()
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        var answer = await socket.HandshakeAsync(_server.HttpPort, ("Sec-WebSocket-Version", "8"));
        Assert.StartsWith("HTTP/1.1 426 ", answer, StringComparison.Ordinal);
        Assert.Contains("Sec-WebSocket-Version: 13\r\n", answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_flow_too_many_is_refused_503()
    {
        await using var small = await W2Server.StartAsync(changeEdge: edge => edge with { Flows = 2 });
        using var first = await RawSocket.OpenAsync(small.HttpPort);
        using var second = await RawSocket.OpenAsync(small.HttpPort);
        await small.FlowsAsync(2);
        using var third = await RawSocket.ConnectAsync(small.HttpPort);
        Assert.StartsWith("HTTP/1.1 503 ", await third.HandshakeAsync(small.HttpPort), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_page_is_served_with_headers_that_bind_it()
    {
        using var http = new HttpClient { BaseAddress = new($"http://localhost:{_server.HttpPort}") };
        var page = await http.GetAsync("/", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        var policy = page.Headers.GetValues("Content-Security-Policy").Single();
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains($"ws://localhost:{_server.HttpPort}", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", page.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.False(page.Headers.Contains("Server"));

        var script = await http.GetAsync("/phone.js", TestContext.Current.CancellationToken);
        Assert.Equal("text/javascript", script.Content.Headers.ContentType!.MediaType);
        var config = await http.GetStringAsync("/config.json", TestContext.Current.CancellationToken);
        Assert.Equal($$"""{"realm":"{{W2Server.Realm}}","w2":"/w2"}""", config);
    }

    [Theory]
    [InlineData("/../../../etc/passwd")]
    [InlineData("/%2e%2e/%2e%2e/etc/passwd")]
    [InlineData("/..%2f..%2fetc/passwd")]
    [InlineData("/nothing")]
    [InlineData("/w2/")]
    public async Task Nothing_else_is_served(string path)
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        await socket.SendAsync(System.Text.Encoding.ASCII.GetBytes($"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        Assert.Matches("^HTTP/1.1 40[04] ", await socket.ReadHeadAsync());
    }

    [Fact]
    public async Task The_same_is_served_over_TLS_and_on_the_other_loopback_address()
    {
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
                new[] { "localhost", "127.0.0.1", "::1" }.All(name => certificate!.MatchesHostname(name)),
        };
        using var http = new HttpClient(handler);
        var stop = TestContext.Current.CancellationToken;
        List<string> servers = [$"https://localhost:{_server.HttpsPort}", $"https://127.0.0.1:{_server.HttpsPort}"];
        if (_server.HasIPv6) servers.AddRange([$"https://[::1]:{_server.HttpsPort}", $"http://[::1]:{_server.HttpPort}"]);
        foreach (var server in servers)
            Assert.Contains("w2", await http.GetStringAsync($"{server}/config.json", stop), StringComparison.Ordinal);
    }

    async Task RefusedAsync(int status, (string Name, string? Value) change)
    {
        using var socket = await RawSocket.ConnectAsync(_server.HttpPort);
        Assert.StartsWith($"HTTP/1.1 {status} ", await socket.HandshakeAsync(_server.HttpPort, change), StringComparison.Ordinal);
        await _server.FlowsAsync(0);
    }
}
