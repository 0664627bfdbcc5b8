using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store.Access;
using Portunus.Waf;
using Portunus.Waf.Authorize;

namespace Portunus.Tests.Io.Waf;

/// <summary>A WAF on a free port, with a user and the clients that the tests are; its clock stands until it is set.</summary>
sealed class WafStand : IAsyncDisposable
{
    public const string Realm = "ims.example.net", Password = "correct horse battery", Secret = "a secret of the service";

    public static readonly Uri Issuer = new("https://waf.example.test");

    public static readonly UserRecord Alice = new(
        "alice", new Passwords(1000).Hash("alice", Password), $"alice@{Realm}", [$"sip:alice@{Realm}", "tel:+4912345"]);

    readonly string _folder;
    readonly bool _keepStore;

    WafStand(
        string folder, AccessStore store, bool keepStore, MemoryLogs logs, ManualTime time, X509Certificate2 certificate,
        WafNode node)
    {
        (_folder, Store, _keepStore, Logs, Time, Certificate, Node) = (folder, store, keepStore, logs, time, certificate, node);
        Browser = NewClient();
    }

    public AccessStore Store { get; }

    public MemoryLogs Logs { get; }

    public ManualTime Time { get; }

    public X509Certificate2 Certificate { get; }

    public WafNode Node { get; }

    /// <summary>Keeps cookies; follows nothing by itself.</summary>
    public HttpClient Browser { get; private set; }

    public static IReadOnlyList<WafClient> Clients { get; } =
    [
        new()
        {
            Id = "page", Name = "Telephone", IsFirstParty = true, RedirectUris = [new("https://wwsf.example.test/back")],
            Scopes = [Scopes.Register, Scopes.Turn, Scopes.Offline], Wwsf = "wwsf.example.test",
        },
        new()
        {
            Id = "stranger", Name = "Somebody <else>", RedirectUris = [new("https://elsewhere.example.test/back")],
            Scopes = [Scopes.Register, Scopes.Turn],
        },
        new()
        {
            Id = "native", Name = "Native", Secret = Secret, MayActAlone = true, MayExchange = true,
            RedirectUris = [new("https://native.example.test/back")], Scopes = [Scopes.Register, Scopes.Turn],
        },
        new()
        {
            Id = "site", Name = "Site", Secret = Secret, MayActAlone = true,
            Pool = new($"pool@{Realm}", [$"sip:web1@{Realm}", $"sip:web2@{Realm}"]),
        },
        // An eP-CSCF: its id is the audience of the tokens.
        new() { Id = Realm, Name = "Edge", Secret = Secret, MayIntrospect = true, Scopes = [] },
    ];

    public static async Task<WafStand> StartAsync(
        Func<WafNodeSettings, WafNodeSettings>? change = null, AccessStore? store = null, ManualTime? time = null)
    {
        var folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
        var logs = new MemoryLogs();
        var keepStore = store is not null;
        store ??= AccessStore.OpenFolder(folder);
        await store.SaveUserAsync(Alice);
        time ??= new();
        var certificate = LoopbackCertificate.Create();
        WafNodeSettings settings = new()
        {
            Listen = new(IPAddress.Loopback, 0), Certificate = certificate, Store = store, Time = time,
            Waf = new() { Issuer = Issuer, Audience = Realm, Clients = Clients, PasswordRounds = 1000 },
        };
        settings = change?.Invoke(settings) ?? settings;
        var node = await WafNode.StartAsync(settings, logs);
        return new(folder, store, keepStore, logs, time, settings.Certificate!, node);
    }

    /// <summary>How many tokens the data base knows.</summary>
    public async Task<int> CountTokensAsync()
    {
        DbContextOptionsBuilder<AccessContext> options = new();
        Store.Configure(options);
        await using AccessContext context = new(options.Options);
        return await context.Set<OpenIddictEntityFrameworkCoreToken>().CountAsync();
    }

    /// <summary>Writes a password's hash past all that goes with it.</summary>
    public async Task OverwriteHashAsync(string user, string hash)
    {
        DbContextOptionsBuilder<AccessContext> options = new();
        Store.Configure(options);
        await using AccessContext context = new(options.Options);
        Assert.Equal(1, await context.Database.ExecuteSqlAsync($"UPDATE users SET password_hash = {hash} WHERE name = {user}"));
    }

    /// <summary>Another browser, without a cookie.</summary>
    public void OpenBrowser() => Browser = NewClient();

    /// <summary>A client with a cookie jar of its own.</summary>
    /// <param name="shown">Certificate for the listener that wants one; null for the web listener.</param>
    public HttpClient NewClient(X509Certificate2? shown = null) => new(NewHandler(shown)) { BaseAddress = Issuer };

    /// <summary>Reaches the WAF, whatever its name.</summary>
    public SocketsHttpHandler NewHandler(X509Certificate2? shown = null)
    {
        var port = shown is null ? Node.Port : Node.CredentialPort!.Value;
        SocketsHttpHandler handler = new()
        {
            AllowAutoRedirect = false,
            CookieContainer = new(),
            ConnectCallback = async (_, stop) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                await socket.ConnectAsync(IPAddress.Loopback, port, stop);
                return new NetworkStream(socket, ownsSocket: true);
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate?.GetCertHashString() == Certificate.GetCertHashString(),
            },
        };
        if (shown is null) return handler;
        handler.SslOptions.ClientCertificateContext = SslStreamCertificateContext.Create(shown, [], offline: true);
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => shown;
        return handler;
    }

    public async ValueTask DisposeAsync()
    {
        Browser.Dispose();
        await Node.DisposeAsync();
        if (!_keepStore)
        {
            Store.Dispose();
            SqliteConnection.ClearAllPools();
        }

        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }
}
