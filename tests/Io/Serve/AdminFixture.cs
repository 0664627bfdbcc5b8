using System.Net.Http.Headers;
using Portunus.Bedrock;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Serve;

/// <summary>A process with TURN server, edge, core and admin listener.</summary>
public sealed class AdminFixture : IDisposable
{
    readonly ConfigurationFolder _folder = new();
    readonly HttpClient _http = new(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true });
    readonly PortunusProcess _process;

    public AdminFixture()
    {
        var file = _folder.Write("portunus.json", """
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"],
                "users": [{ "name": "user", "password": "@alice-password" }], "secrets": ["@turn-secret"] },
              "epcscf": { "host": "epcscf.ims.example.net", "shards": 2,
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } },
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "admin": { "listen": "127.0.0.1:0", "tokenFile": "admin-token" } }
            """);
        _process = PortunusProcess.Serve("serve", "--config", file);
    }

    public TransportAddress Turn => TransportAddress.TryParse(At("turn"), out var address) ? address : default;

    internal Task<SipClient> ConnectAsync(string name) =>
        SipClient.ConnectAsync(new($"ws://{At("http")}/w2"), name, ConfigurationFolder.Domain);

    public async Task<(int Status, string Text)> GetAsync(
        string path, string? token = ConfigurationFolder.Token, string? host = null)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, token, host);
        return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? token = ConfigurationFolder.Token, string? host = null)
    {
        using var request = new HttpRequestMessage(method, $"http://{At("admin")}{path}");
        if (token is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        request.Headers.Host = host;
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        Assert.Equal(0, _process.Terminate());
        _process.Dispose();
        _http.Dispose();
        _folder.Dispose();
    }

    string At(string protocol) => _process.Output
        .First(line => line.StartsWith($"listening {protocol} ", StringComparison.Ordinal)).Split(' ')[^1];
}
