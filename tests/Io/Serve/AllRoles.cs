using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Tls;
using Portunus.Tests.Io.Architecture;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Waf;
using Portunus.Tests.Io.Wic;
using Authority = Portunus.Tests.Io.Tls.Authority;

namespace Portunus.Tests.Io.Serve;

/// <summary>
/// A folder with deploy/all-roles.json and every file that it names, and what a user does with the processes that it runs: with
/// ports of its own where one role must know another's.
/// </summary>
sealed class AllRoles : IDisposable
{
    public const string Issuer = "https://waf.ims.example.net/", TurnName = "turn1.ims.example.net";

    /// <summary>Media of a second, 100 packets.</summary>
    public static readonly string[] Short = ["--seconds", "1", "--rate", "100"];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    // Below those that the system gives away in between.
    const int LowestPort = 20_000, HighestPort = 32_000;

    readonly ConfigurationFolder _folder = new();

    public AllRoles()
    {
        Write("waf.pem", Authority.Server("waf.ims.example.net"));
        Write("turn1.pem", Authority.Node(TurnName));
        Write("epcscf.pem", Authority.Client("epcscf.ims.example.net"));
        File.Copy(Authority.RootFile, Path.Combine(_folder.Path, "operator-ca.pem"));
        foreach (var secret in new[] { "site-secret", "edge-secret" }) _folder.Write(secret, $"{secret} of this test");
        var phone = Authority.Server("phone.example.net");
        Write("certificate.pem", phone);
    }

    public Authority Authority { get; } = new();

    public ConfigurationFolder Folder => _folder;

    public string CaFile => Authority.RootFile;

    /// <summary>The example as it is committed.</summary>
    public static string Example => File.ReadAllText(Path.Combine(Repository.Root, "deploy", "all-roles.json"));

    /// <summary>The example with free ports and the other redirect of <see cref="CodeFlow"/>.</summary>
    public static string OnFreePorts(int turn, int credentials, int waf = 0) => Example
        .Replace("127.0.0.1:3478", $"127.0.0.1:{turn}", StringComparison.Ordinal)
        .Replace("127.0.0.1:8446", $"127.0.0.1:{credentials}", StringComparison.Ordinal)
        .Replace("127.0.0.1:8443", "127.0.0.1:0", StringComparison.Ordinal)
        .Replace("127.0.0.1:8444", "127.0.0.1:0", StringComparison.Ordinal)
        .Replace("127.0.0.1:8445", $"127.0.0.1:{waf}", StringComparison.Ordinal)
        .Replace("127.0.0.1:8447", "127.0.0.1:0", StringComparison.Ordinal)
        .Replace("127.0.0.1:9641", "127.0.0.1:0", StringComparison.Ordinal)
        .Replace("https://phone.example.net/back", "https://wwsf.example.test/back", StringComparison.Ordinal)
        .Replace("\"id\": \"phone\"", "\"id\": \"page\"", StringComparison.Ordinal)
        .Replace("\"name\": \"phone\"", "\"name\": \"page\"", StringComparison.Ordinal);

    /// <summary>A port that is free for UDP and TCP, and that nobody is given by chance.</summary>
    public static int FreePort()
    {
        while (true)
        {
            var at = new IPEndPoint(IPAddress.Loopback, Random.Shared.Next(LowestPort, HighestPort));
            try
            {
                using var udp = new Socket(SocketType.Dgram, ProtocolType.Udp);
                using var tcp = new Socket(SocketType.Stream, ProtocolType.Tcp);
                udp.Bind(at);
                tcp.Bind(at);
                return at.Port;
            }
            catch (SocketException)
            {
                // Another one, then.
            }
        }
    }

    public PortunusProcess Serve(string name, string text, params string[] more) =>
        PortunusProcess.Serve(["serve", "--config", _folder.Write(name, text), .. more]);

    /// <summary>As an operator does it, while nothing or everything runs.</summary>
    public void AddAlice(string name)
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["user", "add", "alice", "--config", Path.Combine(_folder.Path, name), "--password",
                $"@{Path.Combine(_folder.Path, "alice-password")}"]);
        Assert.Equal((0, ""), (code, errors));
        Assert.Contains("alice@ims.example.net", output, StringComparison.Ordinal);
    }

    /// <summary>A browser that finds the host of a URI at a listener, and believes the operator's authority.</summary>
    public HttpClient Browser(PortunusProcess process, string protocol, string host = Issuer)
    {
        var at = IPEndPoint.Parse(process.At(protocol));
        var roots = new X509Certificate2Collection();
        roots.ImportFromPemFile(CaFile);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new(),
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(at, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck,
        };
        policy.CustomTrustStore.AddRange(roots);
        handler.SslOptions.CertificateChainPolicy = policy;
        return new(handler) { BaseAddress = new(host) };
    }

    /// <summary>Signs in by the code flow; returns a file with the access token.</summary>
    public async Task<(string Token, string File)> SignInAsync(PortunusProcess waf)
    {
        using var browser = Browser(waf, "waf");
        var page = await browser.SignInAsync(CodeFlow.Request(), password: ConfigurationFolder.Password);
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
        var code = CodeFlow.Code(await browser.GetAsync(page.Headers.Location));
        var token = (await browser.RedeemAsync(code)).Text("access_token");
        return (token, _folder.Write("sip-token", token));
    }

    /// <summary>A token for the TURN server, of who shows an access token.</summary>
    public async Task<IssuedToken> TurnTokenAsync(PortunusProcess waf, string bearer)
    {
        using var browser = Browser(waf, "waf");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/turn/token");
        request.Content = new FormUrlEncodedContent([KeyValuePair.Create("aud", TurnName)]);
        request.Headers.Authorization = CodeFlow.Bearer(bearer);
        using var response = await browser.SendAsync(request);
        var json = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        Bytes Binary(string name) => Bytes.Copy(Convert.FromBase64String(json.Text(name)));
        return new(json.Text("kid"), Binary("key"), Binary("access_token"), TurnName, json.GetProperty("expires_in").GetUInt32());
    }

    /// <summary>The flags with which <c>portunus wic</c> signs in by a token.</summary>
    public string[] ByToken(PortunusProcess edge, string file, string user = "alice@ims.example.net") =>
    [
        "--server", $"wss://localhost:{edge.At("https").Split(':')[^1]}/w2", "--ca", CaFile, "--user", user, "--token", $"@{file}",
    ];

    /// <summary>Registers by a SIP token and relays by a credential of a kind.</summary>
    public void RelayByToken(PortunusProcess edge, string file, string kind, PortunusProcess echo)
    {
        var run = WicRun.Of(["relay", .. ByToken(edge, file), "--credential", kind, "--peer", $"{echo.Listeners[0]}", .. Short]);
        run.AssertNoLoss(100);
        Assert.StartsWith($"{kind} for turn:127.0.0.1:", run.Detail("renew"), StringComparison.Ordinal);
    }

    /// <summary>Has the WAF give a TURN token for a SIP token, and relays by it.</summary>
    public async Task RelayByTurnTokenAsync(PortunusProcess waf, string token, int turn, PortunusProcess echo)
    {
        using var client = Browser(waf, "waf");
        client.DefaultRequestHeaders.Authorization = CodeFlow.Bearer(token);
        using var answer = await client.PostAsync(
            "/turn/token", new FormUrlEncodedContent([new("aud", AllRoles.TurnName), new("alg", "HMAC-SHA-256")]), Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var file = _folder.Write("turn-token", await answer.Content.ReadAsStringAsync(Stop));
        WicRun.Of(
            ["relay", "--turn", $"turn:127.0.0.1:{turn}", "--turn-token", $"@{file}", "--turn-server-name", AllRoles.TurnName,
                "--peer", $"{echo.Listeners[0]}", .. Short]).AssertNoLoss(100);
    }

    public void Dispose()
    {
        _folder.Dispose();
        Authority.Dispose();
    }

    /// <summary>Certificate and key in one file, as the example has them.</summary>
    void Write(string name, TlsFiles files) =>
        _folder.Write(name, File.ReadAllText(files.Certificate) + File.ReadAllText(files.Key));
}
