using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.W2;
using Portunus.Nodes.Web;

namespace Portunus.Tests.Io.W2;

/// <summary>W2 with an edge and no core behind it, on ports of its own.</summary>
sealed class W2Server : IAsyncDisposable
{
    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    readonly string _page = Directory.CreateTempSubdirectory("portunus-page-").FullName;
    WebNode? _web;

    public const string Realm = "ims.example.net";

    public int HttpPort => _http.Port;

    public int HttpsPort => _https.Port;

    public bool HasIPv6 => _http.HasIPv6;

    public EdgeNode Edge { get; private set; } = null!;

    public string Origin => $"http://localhost:{HttpPort}";

    public Uri Uri => new($"ws://127.0.0.1:{HttpPort}/w2");

    public static async Task<W2Server> StartAsync(
        Func<W2Settings, W2Settings>? change = null, Func<EdgeSettings, EdgeSettings>? changeEdge = null,
        ITokenVerifier? tokens = null, bool takesGet = false, Func<IProvisioning>? provisioning = null)
    {
        var server = new W2Server();
        await File.WriteAllTextAsync(Path.Combine(server._page, "index.html"), "<!doctype html><title>page</title>");
        await File.WriteAllTextAsync(Path.Combine(server._page, "phone.js"), "export {};");
        var settings = new EdgeSettings { HomeDomain = Realm, Host = $"epcscf.{Realm}", TokenKey = Bytes.Copy(new byte[32]) };
        SharedSecret.TryParse("secret", out var secret);
        TurnUri.TryParse("turn:127.0.0.1:3478?transport=udp", out var uri);
        server.Edge = new(
            changeEdge?.Invoke(settings) ?? settings, shards: 3,
            provisioning ?? (() => new SharedSecretProvisioning(secret!, Realm, [uri!])),
            MwPipe.Create(NullLogger.Instance).Edge, NullLogger.Instance, new() { Tokens = tokens });
        server.Edge.Start();
        var w2 = new W2Settings { Origins = new HashSet<string> { server.Origin } };
        server._web = await WebNode.StartAsync(
            new()
            {
                Http = server._http,
                Https = server._https,
                Certificate = LoopbackCertificate.Create(),
                PageFolder = server._page,
                Realm = Realm,
                W2 = change?.Invoke(w2) ?? w2,
                Credentials = tokens is null
                    ? null
                    : new() { Realm = Realm, Tokens = tokens, Origins = w2.Origins, TakesGet = takesGet },
            },
            server.Edge,
            NullLoggerFactory.Instance);
        return server;
    }

    /// <summary>Waits until there are as many WebSockets as expected.</summary>
    public async Task FlowsAsync(int expected)
    {
        for (var start = Stopwatch.StartNew(); Edge.Flows != expected;)
        {
            Assert.True(start.Elapsed < TimeSpan.FromSeconds(30), $"{Edge.Flows} flows are open, not {expected}.");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        if (_web is not null) await _web.DisposeAsync();
        Edge.Dispose();
        _http.Dispose();
        _https.Dispose();
        Directory.Delete(_page, recursive: true);
    }
}
