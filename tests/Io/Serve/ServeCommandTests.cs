using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Portunus.Sip;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Serve;

public sealed class ServeCommandTests : IDisposable
{
    const int SigHup = 1;

    readonly ConfigurationFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    public async Task An_edge_and_a_core_of_two_processes_carry_registrations_and_a_call(string transport)
    {
        using var core = Serve("core.json", $$"""
            { "domain": "ims.example.net", "data": "data",
              "core": { "listen": "127.0.0.1:0", "transport": "{{transport}}", "neighbours": ["127.0.0.1"],
                "subscribers": [{ "name": "alice", "password": "@alice-password" }, { "name": "bob", "password": "@alice-password" }] } }
            """);
        using var edge = Serve("edge.json", $$"""
            { "domain": "ims.example.net",
              "epcscf": { "host": "127.0.0.1", "shards": 2,
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "core": { "listen": "127.0.0.1:0", "transport": "{{transport}}", "nextHop": "{{core.At("core")}}" },
                "provisioning": { "approach": "shared-secret", "secret": "@turn-secret", 
                  "turnServers": [{ "uris": ["turn:127.0.0.1:3478"] }] } } }
            """);
        await using (var a = await RegisteredAsync(edge, "alice"))
        await using (var b = await RegisteredAsync(edge, "bob"))
            await CallAsync(a, b);
        Assert.Equal(0, edge.Terminate());
        Assert.Equal(0, core.Terminate());
    }

    [Fact]
    public async Task All_roles_of_the_example_run_together_and_one_can_run_alone()
    {
        var example = await File.ReadAllTextAsync(
            Path.Combine(Architecture.Repository.Root, "deploy", "portunus.json"), TestContext.Current.CancellationToken);
        foreach (var port in new[] { "3478", "8443", "9641" })
            example = example.Replace($"127.0.0.1:{port}\"", "127.0.0.1:0\"", StringComparison.Ordinal);
        var file = _folder.Write("portunus.json", example);
        using (var all = PortunusProcess.Serve("serve", "--config", file))
        {
            Assert.Equal("ready", all.Output[^1]);
            await using (var wic = await SipClient.ConnectAsync(
                new($"wss://localhost:{all.At("https").Split(':')[^1]}/w2"), "alice", ConfigurationFolder.Domain))
            {
                var registered = await wic.RegisterAsync(ConfigurationFolder.Password);
                Assert.Equal(200, registered.Status);
                Assert.Contains("turn:127.0.0.1:3478", registered.Get("Turn-Credential"), StringComparison.Ordinal);
            }

            Assert.Equal(0, all.Terminate());
        }

        using var turn = PortunusProcess.Serve("serve", "--config", file, "--role", "turn");
        Assert.Contains(turn.Output, line => line.StartsWith("listening turn ", StringComparison.Ordinal));
        Assert.DoesNotContain(turn.Output, line => line.StartsWith("listening https ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_combined_edge_gives_a_token_or_a_password_as_the_client_asks()
    {
        using var all = Serve("all.json", """
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "serverName": "turn1",
                "secrets": ["@turn-secret"], "oauthKeys": [{ "key": "@oauth-key" }] },
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "combined", "secret": "@turn-secret",
                  "turnServers": [{ "name": "turn1", "uris": ["turn:127.0.0.1:3478"], "oauthKey": "@oauth-key" }] } } }
            """);
        await using var wic = await SipClient.ConnectAsync(new($"ws://{all.At("http")}/w2"), "alice", ConfigurationFolder.Domain);
        var token = await wic.RegisterAsync(ConfigurationFolder.Password, ask: "oauth, password");
        Assert.StartsWith("oauth;", token.Get("Turn-Credential"), StringComparison.Ordinal);
        Assert.Contains("server-name=\"turn1\"", token.Get("Turn-Credential"), StringComparison.Ordinal);
        var password = await wic.RegisterAsync(ConfigurationFolder.Password, ask: "password");
        Assert.StartsWith("password;", password.Get("Turn-Credential"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_new_certificate_is_taken_on_SIGHUP_and_one_that_cannot_be_used_is_not()
    {
        var before = _folder.WriteCertificate();
        using var edge = Serve("edge.json", """
            { "domain": "ims.example.net", "core": {},
              "epcscf": { "host": "epcscf.ims.example.net", "web": { "https": ["127.0.0.1:0"], "certificate": "certificate.pem" } } }
            """);
        Assert.Equal(before, await CertificateAsync(edge));

        var after = _folder.WriteCertificate();
        File.SetLastWriteTimeUtc(Path.Combine(_folder.Path, "certificate.pem"), DateTime.UtcNow.AddMinutes(1));
        edge.Tell(SigHup);
        await Eventually.TrueAsync(async () => await CertificateAsync(edge) == after, () => edge.Errors);

        _folder.Write("certificate.pem", "nothing of use");
        edge.Tell(SigHup);
        await edge.SaysAsync("cannot be used, so the old one stays");
        Assert.Equal(after, await CertificateAsync(edge));
    }

    [Fact]
    public async Task In_plain_W2_is_for_proxies_that_end_TLS_alone()
    {
        using (var edge = Plain("127.0.0.1"))
        {
            Assert.Equal(426, await AskAsync(edge));
            Assert.Equal(426, await AskAsync(edge, "Forwarded", "for=192.0.2.7;proto=https"));
            Assert.Equal(403, await AskAsync(edge, "Forwarded", "proto=https, for=192.0.2.7;proto=http"));
            Assert.Equal(403, await AskAsync(edge, "X-Forwarded-Proto", "https, http"));
        }

        using var stranger = Plain("192.0.2.1");
        Assert.Equal(403, await AskAsync(stranger));
        Assert.Equal(403, await AskAsync(stranger, "X-Forwarded-Proto", "https"));

        PortunusProcess Plain(string trusted) => Serve("edge.json", $$"""
            { "domain": "ims.example.net", "core": {},
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["{{trusted}}"] } } }
            """);

        static async Task<int> AskAsync(PortunusProcess edge, string? header = null, string? value = null)
        {
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{edge.At("http")}/w2");
            if (header is not null) request.Headers.Add(header, value);
            using var answer = await http.SendAsync(request, TestContext.Current.CancellationToken);
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task Upon_SIGHUP_secrets_and_servers_are_taken_over_and_a_mistake_changes_nothing()
    {
        const string Text = """
            { "domain": "ims.example.net",
              "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "secrets": ["@turn-secret"] },
              "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
                "provisioning": { "approach": "shared-secret", "secret": "@turn-secret",
                  "turnServers": [{ "uris": ["turn:127.0.0.1:1"] }] } } }
            """;
        using var all = Serve("all.json", Text);
        await using var wic = await SipClient.ConnectAsync(new($"ws://{all.At("http")}/w2"), "alice", ConfigurationFolder.Domain);
        Assert.Contains("turn:127.0.0.1:1", await CredentialAsync(), StringComparison.Ordinal);

        _folder.Write("all.json", "{ nothing");
        all.Tell(SigHup);
        await all.SaysAsync("the configuration was not taken over");
        Assert.Contains("turn:127.0.0.1:1", await CredentialAsync(), StringComparison.Ordinal);

        var turn = Bedrock.TransportAddress.TryParse(all.At("turn"), out var address) ? address : default;
        _folder.Write("all.json", Text.Replace("turn:127.0.0.1:1", $"turn:{turn}", StringComparison.Ordinal));
        _folder.Write("turn-secret", "another secret of relays");
        all.Tell(SigHup);
        await all.SaysAsync("was read again");
        var credential = await CredentialAsync();
        Assert.Contains($"turn:{turn}", credential, StringComparison.Ordinal);
        // Both have the new secret: what the edge has minted the TURN server takes.
        Assert.True(TypedValue.TryParse(credential, out var typed));
        using var client = new Relay.RawClient(turn, typed.Parameters["username"]!, typed.Parameters["credential"]!);
        Assert.Null(client.Allocate().Error);

        async Task<string> CredentialAsync() => (await wic.RegisterAsync(ConfigurationFolder.Password)).Get("Turn-Credential")!;
    }

    [Theory]
    [InlineData("agw", 1, "has no section \"agw\"")]
    [InlineData("trun", 2, "'trun' is not a role")]
    [InlineData("turn", 1, "no section \"turn\"")]
    [InlineData("core", 1, "Nobody could reach the role core")]
    public void A_role_that_cannot_be_started_is_refused_in_one_sentence(string role, int code, string sentence)
    {
        var file = _folder.Write("edge.json", """
            { "domain": "ims.example.net", "core": {},
              "epcscf": { "host": "epcscf.ims.example.net",
                "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] } } }
            """);
        var (exit, _, errors) = PortunusProcess.Run(["serve", "--config", file, "--role", role]);
        Assert.Equal(code, exit);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_taken_port_is_refused_with_the_setting_that_names_it()
    {
        using var taken = new TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();
        var file = _folder.Write("edge.json", $$"""
            { "domain": "ims.example.net", "core": { "listen": "{{taken.LocalEndpoint}}", "neighbours": ["127.0.0.1"] } }
            """);
        var (exit, output, errors) = PortunusProcess.Run(["serve", "--config", file]);
        Assert.Equal((1, ""), (exit, output));
        Assert.StartsWith("portunus: core.listen: port ", errors, StringComparison.Ordinal);
    }

    PortunusProcess Serve(string name, string text) => PortunusProcess.Serve("serve", "--config", _folder.Write(name, text));

    static async Task<SipClient> RegisteredAsync(PortunusProcess edge, string name)
    {
        var client = await SipClient.ConnectAsync(new($"ws://{edge.At("http")}/w2"), name, ConfigurationFolder.Domain);
        var registered = await client.RegisterAsync(ConfigurationFolder.Password);
        Assert.Equal(200, registered.Status);
        Assert.True(registered.Has("Turn-Credential"));
        return client;
    }

    static async Task CallAsync(SipClient a, SipClient b)
    {
        var callId = SipClient.Token(10);
        await a.SendAsync(a.Request("INVITE", b.Impu, b.Impu, callId: callId, cseq: 1), $"Contact: {a.Contact}");
        var invite = await b.ReceiveAsync(m => m.Method == "INVITE");
        var ok = SipMessage.Response(invite, 200, toTag: "b");
        ok.CopyFrom(invite, HeaderName.RecordRoute);
        ok.Add("Contact", b.Contact);
        await b.SendAsync(ok);
        var accepted = await a.ReceiveAsync(m => m.Status >= 200);
        Assert.Equal(200, accepted.Status);

        var routes = accepted.RecordRoutes.Reverse().Select(route => $"Route: {route}").ToArray();
        var target = accepted.Contacts[0].Uri.ToString();
        await a.SendAsync(a.Request("ACK", target, b.Impu, "b", callId, 1), routes);
        await b.ReceiveAsync(m => m.Method == "ACK");
        await a.SendAsync(a.Request("BYE", target, b.Impu, "b", callId, 2), routes);
        await b.SendAsync(SipMessage.Response(await b.ReceiveAsync(m => m.Method == "BYE"), 200));
        Assert.Equal(200, (await a.ReceiveAsync(m => m.Status >= 200)).Status);
    }

    static async Task<string> CertificateAsync(PortunusProcess process)
    {
        using var client = new TcpClient();
        await client.ConnectAsync(System.Net.IPEndPoint.Parse(process.At("https")), TestContext.Current.CancellationToken);
        await using var tls = new SslStream(client.GetStream(), false, (_, _, _, _) => true);
        await tls.AuthenticateAsClientAsync("localhost");
        using var certificate = new X509Certificate2(tls.RemoteCertificate!);
        return certificate.Thumbprint;
    }
}
