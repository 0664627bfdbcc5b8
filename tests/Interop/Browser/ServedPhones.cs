using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Playwright;
using Portunus.Nodes.Tls;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Serve;
using Authority = Portunus.Tests.Io.Tls.Authority;

namespace Portunus.Tests.Interop.Browser;

/// <summary>
/// `portunus serve` with edge, core and a TURN server that clients reach by one transport alone; a web server with the page; and a
/// Chromium that believes the operator's authority, so W2 is wss with a certificate that counts.
/// </summary>
sealed class ServedPhones : IAsyncDisposable
{
    readonly Authority _operator = new();
    readonly ConfigurationFolder _folder = new();
    readonly HttpClient _admin = new();
    PortunusProcess? _process;
    PageServer? _pages;
    TrustingHome? _home;
    IPlaywright? _playwright;
    IBrowser? _browser;

    ServedPhones()
    {
    }

    /// <summary>Of the TURN server, as the edge tells its clients.</summary>
    public string Uri { get; private set; } = "";

    /// <param name="transport">Of clients to the TURN server: udp, tcp or tls.</param>
    /// <param name="stranger">The TURN server's certificate is of an authority that the browser does not know.</param>
    /// <param name="before">A URI that the edge tells before that of the TURN server.</param>
    public static async Task<ServedPhones> StartAsync(string transport, bool stranger = false, string? before = null)
    {
        var phones = new ServedPhones();
        try
        {
            await phones.BeginAsync(transport, stranger, before);
            return phones;
        }
        catch
        {
            await phones.DisposeAsync();
            throw;
        }
    }

    /// <summary>A window in which a subscriber has registered.</summary>
    public async Task<PhonePage> RegisteredAsync(string name)
    {
        var context = await _browser!.NewContextAsync();
        var phone = await PhonePage.OpenAsync(context, _pages!.Page, $"?user={name}");
        await phone.SignInAsync(ConfigurationFolder.Password);
        return await phone.RegisteredAsync();
    }

    /// <summary>The allocations that live, as the admin listener lists them.</summary>
    public async Task<JsonElement[]> SessionsAsync()
    {
        var answer = await _admin.GetStringAsync("/v1/sessions", TestContext.Current.CancellationToken);
        return [.. JsonDocument.Parse(answer).RootElement.GetProperty("sessions").EnumerateArray()];
    }

    public async Task<Exposition> MetricsAsync() =>
        Exposition.Read(await _admin.GetStringAsync("/metrics", TestContext.Current.CancellationToken));

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        _home?.Dispose();
        if (_pages is not null) await _pages.DisposeAsync();
        _process?.Dispose();
        _admin.Dispose();
        _folder.Dispose();
        _operator.Dispose();
    }

    async Task BeginAsync(string transport, bool stranger, string? before)
    {
        _pages = await PageServer.StartAsync(ConfigurationFolder.Domain);
        WriteCertificate("edge.pem", _operator.Server());
        using var another = new Authority("Another operator");
        WriteCertificate("turn.pem", (stranger ? another : _operator).Server());
        var port = AllRoles.FreePort();
        Uri = transport == "tls" ? $"turns:127.0.0.1:{port}?transport=tcp" : $"turn:127.0.0.1:{port}?transport={transport}";
        var uris = string.Join(", ", (before is null ? [Uri] : new[] { before, Uri }).Select(uri => $"\"{uri}\""));
        _process = PortunusProcess.Serve("serve", "--config", _folder.Write("portunus.json", $$"""
            { "domain": "{{ConfigurationFolder.Domain}}",
              "turn": { "listen": ["{{transport}}:127.0.0.1:{{port}}"], {{(transport == "tls" ? "\"certificate\": \"turn.pem\"," : "")}}
                "relayAddresses": ["127.0.0.1"], "allowPeers": ["127.0.0.0/8"], "secrets": ["@turn-secret"] },
              "epcscf": { "host": "epcscf.{{ConfigurationFolder.Domain}}", "origins": ["{{_pages.Page.GetLeftPart(UriPartial.Authority)}}"],
                "web": { "https": ["127.0.0.1:0"], "certificate": "edge.pem" },
                "provisioning": { "approach": "shared-secret", "secret": "@turn-secret", "turnServers": [{ "uris": [{{uris}}] }] } },
              "core": { "subscribers": [
                { "name": "alice", "password": "@alice-password" }, { "name": "bob", "password": "@alice-password" }] },
              "admin": { "listen": "127.0.0.1:0", "tokenFile": "admin-token" } }
            """));
        _pages.W2 = new($"wss://{_process.At("https")}/w2");
        _admin.BaseAddress = new($"http://{_process.At("admin")}");
        _admin.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", ConfigurationFolder.Token);
        _home = await TrustingHome.MakeAsync(_operator.RootFile);
        _playwright = await Playwright.CreateAsync();
        _browser = await Chromium.LaunchAsync(_playwright, _home.Path);
    }

    void WriteCertificate(string name, TlsFiles files) =>
        _folder.Write(name, File.ReadAllText(files.Certificate) + File.ReadAllText(files.Key));
}
