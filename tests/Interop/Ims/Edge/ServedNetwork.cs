using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Tests.Interop.Ims.Core;
using Portunus.Tests.Interop.Ims.Cx;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Serve;
using Portunus.Tests.Io.Up;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>
/// <c>portunus serve</c> with TURN server, eP-CSCF, WAF and WWSF by deploy/all-roles.json, and in place of its own core one that
/// is not ours; its users are the flags with which <c>portunus wic</c> signs in.
/// </summary>
sealed class ServedNetwork : IDisposable
{
    const string Configuration = "network.json";

    readonly AllRoles _roles = new();
    readonly int _waf = AllRoles.FreePort();
    readonly int _turn = AllRoles.FreePort();
    readonly PortunusProcess _process;

    /// <param name="core">Where the edge's requests go.</param>
    /// <param name="transport">udp or tcp towards it.</param>
    /// <param name="approach">Of provisioning.</param>
    public ServedNetwork(ImsCore core, string transport, string approach)
    {
        var pool = core.SubscribePool(4);
        var text = AllRoles.OnFreePorts(_turn, AllRoles.FreePort(), _waf)
            .Replace(AllRoles.Issuer, $"https://localhost:{_waf}/", StringComparison.Ordinal)
            .Replace("https://waf.ims.example.net:", "https://localhost:", StringComparison.Ordinal)
            .Replace("\"approach\": \"combined\"", $"\"approach\": \"{approach}\"", StringComparison.Ordinal)
            .Replace("pool@ims.example.net", pool[0].PrivateIdentity, StringComparison.Ordinal)
            .Replace(
                "\"sip:web1@ims.example.net\", \"sip:web2@ims.example.net\"",
                string.Join(", ", pool.Select(member => $"\"{member.PublicIdentity}\"")), StringComparison.Ordinal)
            .Replace(
                "\"host\": \"epcscf.ims.example.net\",",
                $$"""
                "host": "{{ImsCore.EdgeAddress}}",
                "core": { "listen": "{{ImsCore.EdgeAddress}}:0", "transport": "{{transport}}",
                  "nextHop": "{{core.IcscfEndPoint}}", "neighbours": ["{{core.ScscfEndPoint.Address}}"] },
                """,
                StringComparison.Ordinal);
        _process = _roles.Serve(Configuration, text, "--role", "turn,epcscf,waf,wwsf");
    }

    /// <summary>The flags of scenario 1: SIP Digest.</summary>
    public string[] ByPassword(Subscriber subscriber) => [.. Edge, .. User(subscriber), "--password", Password(subscriber)];

    /// <summary>
    /// The flags of scenario 2: the code flow at the WAF, after somebody patient has gone that way. The first one waits until what
    /// serves it is compiled, on a loaded machine for longer than <c>portunus wic</c> does.
    /// </summary>
    public async Task<string[]> BySignInAsync(Subscriber subscriber)
    {
        await TokenAsync(subscriber);
        return
        [
            .. Edge, .. User(subscriber), "--waf", $"https://localhost:{_waf}/", "--waf-client", "page", "--waf-redirect",
            "https://wwsf.example.test/back", "--waf-user", subscriber.Name, "--waf-password", Password(subscriber),
        ];
    }

    /// <summary>The flags of scenario 3: an identity that the site lends, after it has lent one to somebody patient.</summary>
    public async Task<string[]> ByLeaseAsync()
    {
        using var visitor = _roles.Browser(_process, "wwsf", $"https://localhost:{Port("wwsf")}/");
        await Eventually.TrueAsync(async () =>
        {
            using var lent = await visitor.PostAsync("/wwsf/lease", null, TestContext.Current.CancellationToken);
            return lent.StatusCode == HttpStatusCode.OK;
        });
        return [.. Edge, "--wwsf", $"https://localhost:{Port("wwsf")}/"];
    }

    /// <summary>A WIC of single steps, whose user signed in by the code flow; not registered yet.</summary>
    public async Task<Party> SignInAsync(Subscriber subscriber)
    {
        var token = await TokenAsync(subscriber);
        return Party.OfToken(
            await SipClient.ConnectAsync(new($"wss://localhost:{Port("https")}/w2"), subscriber.Name, subscriber.Domain), token);
    }

    /// <summary>Whether the edge is told when the core ends the one registration that there is.</summary>
    public async Task<bool> IsWatchedAsync()
    {
        using var operations = new HttpClient { BaseAddress = new($"http://127.0.0.1:{Port("admin")}") };
        operations.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ConfigurationFolder.Token);
        var told = await operations.GetStringAsync("/v1/registrations", TestContext.Current.CancellationToken);
        return JsonDocument.Parse(told).RootElement.GetProperty("registrations")[0].GetProperty("isWatched").GetBoolean();
    }

    /// <summary>A client of the TURN server.</summary>
    public RawClient Open(PasswordCredential credential) =>
        new(TransportAddress.IPv4(0x7F000001, (ushort)_turn), credential.Username, credential.Credential);

    public int Terminate() => _process.Terminate();

    public void Dispose()
    {
        _process.Dispose();
        _roles.Dispose();
    }

    string[] Edge => ["--server", $"wss://localhost:{Port("https")}/w2", "--ca", _roles.CaFile];

    static string[] User(Subscriber subscriber) => ["--user", $"{subscriber.Name}@{subscriber.Domain}"];

    string Password(Subscriber subscriber) => $"@{_roles.Folder.Write(subscriber.Name, subscriber.Password)}";

    async Task<string> TokenAsync(Subscriber subscriber)
    {
        AddUser(subscriber);
        using var browser = _roles.Browser(_process, "waf", $"https://localhost:{_waf}/");
        using var signedIn = await browser.SignInAsync(CodeFlow.Request(), subscriber.Name, subscriber.Password);
        Assert.Equal(HttpStatusCode.Redirect, signedIn.StatusCode);
        using var back = await browser.GetAsync(signedIn.Headers.Location, TestContext.Current.CancellationToken);
        return (await browser.RedeemAsync(CodeFlow.Code(back))).Text("access_token");
    }

    /// <summary>As an operator does it.</summary>
    void AddUser(Subscriber subscriber)
    {
        var (code, _, errors) = PortunusProcess.Run(
            ["user", "add", subscriber.Name, "--config", Path.Combine(_roles.Folder.Path, Configuration), "--password",
                Password(subscriber)]);
        Assert.Equal((0, ""), (code, errors));
    }

    string Port(string protocol) => _process.Output
        .First(line => line.StartsWith($"listening {protocol} ", StringComparison.Ordinal)).Split(':')[^1];
}
