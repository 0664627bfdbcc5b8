using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Waf;
using Portunus.Nodes.Web;
using Portunus.Store.Access;
using Portunus.Waf;

namespace Portunus.Assessment.Management;

/// <summary>What a WAF is configured with for TURN.</summary>
/// <param name="Keys">By hand: the name of a TURN server, and the key that it has, too.</param>
/// <param name="Pattern">Of the names of TURN servers that may fetch a key; null when none may.</param>
/// <param name="Authority">Who certified those; counts with the pattern.</param>
sealed record WafConfig(ImmutableArray<(string Server, TokenKey Key)> Keys, string? Pattern, string Authority) : ISiteConfig
{
    public static WafConfig None { get; } = new([], null, "");

    public IEnumerable<SiteItem> Items =>
    [
        .. Keys.Select(pair => new SiteItem(ItemKind.Secret, $"{pair.Server} {pair.Key.Kid}")),
        .. Pattern is null ? [] : (SiteItem[])[new(ItemKind.Name, Pattern), new(ItemKind.Root, Authority)],
    ];
}

/// <summary>
/// A whole WAF on sockets of its own. It takes over keys and names while it runs, so that many fleets can use it one after the
/// other; its certificate is the operator's or that of its own domain.
/// </summary>
sealed class WafSite : Site
{
    const string Client = "site", Realm = Fleet.Realm;

    static readonly TimeSpan TurnKeyLife = TimeSpan.FromHours(24);

    readonly Dictionary<string, TokenKey> _keys;
    readonly List<string> _patterns;
    readonly WafNode _node;
    readonly AccessStore _store;
    readonly CertificateFiles _certificate;
    readonly string _files;
    readonly string _secret;
    HttpClient _http = new();
    int _rotations;
    string? _token;

    WafSite(
        string name, WafNode node, AccessStore store, CertificateFiles certificate, string files, FleetAuthority domain, string secret,
        ShiftedTime time, Dictionary<string, TokenKey> keys, List<string> patterns)
        : base(name)
    {
        (_node, _store, _certificate, _files, Domain, _secret) = (node, store, certificate, files, domain, secret);
        (Time, _keys, _patterns) = (time, keys, patterns);
    }

    /// <summary>Of the WAF's own domain, where that is not the operator's.</summary>
    public FleetAuthority Domain { get; }

    /// <summary>Who signed the certificate that it shows now.</summary>
    public FleetAuthority Signer { get; private set; } = null!;

    public ShiftedTime Time { get; }

    /// <summary>Where a TURN server fetches its keys.</summary>
    public Uri KeysUrl => new($"https://localhost:{_node.CredentialPort}/.well-known/stun-key");

    /// <param name="name">Of the WAF.</param>
    /// <param name="folder">For its data base and its certificates.</param>
    /// <param name="operatorRoot">Who certifies TURN servers.</param>
    public static async Task<WafSite> StartAsync(string name, string folder, X509Certificate2 operatorRoot)
    {
        var own = Directory.CreateDirectory(Path.Combine(folder, name)).FullName;
        var domain = new FleetAuthority(own, $"authority of {name}");
        var files = Path.Combine(own, "shown");
        Show(files, domain.Server(name));
        var certificate = new CertificateFiles(files + ".pem", files + ".key");
        var store = AccessStore.OpenFolder(own);
        var (time, keys, patterns) = (new ShiftedTime(), new Dictionary<string, TokenKey>(), new List<string>());
        var secret = Convert.ToHexString(StudyKeys.Draw().Span);
        var node = await WafNode.StartAsync(
            new()
            {
                Listen = new(IPAddress.Loopback, 0),
                CertificateFiles = certificate,
                CredentialListen = new(IPAddress.Loopback, 0),
                CredentialAuthorities = [operatorRoot],
                Store = store,
                Time = time,
                Waf = new()
                {
                    Issuer = new($"https://{name}.example.net/"),
                    Audience = Realm,
                    TurnServers = patterns,
                    TurnKeys = keys,
                    TurnKeyLifetime = TurnKeyLife,
                    Clients =
                    [
                        new()
                        {
                            Id = Client, Name = "Site", Secret = secret, MayActAlone = true, Pool = new($"pool@{Realm}", [Guest]),
                        },
                    ],
                },
            },
            NullLoggerFactory.Instance);
        var site = new WafSite(name, node, store, certificate, files, domain, secret, time, keys, patterns);
        site.ShowAs(domain);
        return site;
    }

    /// <summary>Begins in another fleet: nothing is configured, and the certificate is another authority's.</summary>
    public void BeginAnew(FleetAuthority signer)
    {
        Use(WafConfig.None);
        ShowAs(signer);
    }

    public void Use(WafConfig config)
    {
        _keys.Clear();
        foreach (var (server, key) in config.Keys) _keys[server] = key;
        _patterns.Clear();
        if (config.Pattern is { } pattern) _patterns.Add(pattern);
        Items = [.. config.Items];
    }

    /// <summary>Puts the clock forward to where the keys are about to end, so that each has a successor when it is next fetched; back
    /// again when what it returns is disposed.</summary>
    public IDisposable RotateByItself()
    {
        // A key is shown a few minutes before its day is over; each of these rotations is one day later.
        Time.Ahead = (TurnKeyLife * ++_rotations) - TimeSpan.FromMinutes(10);
        return new Return(Time);
    }

    /// <summary>A TURN token for a guest, as a WIC is given it; null when this WAF has no key with that server, or ended the
    /// sign-in.</summary>
    public async Task<IssuedToken?> IssueAsync(string server, CancellationToken stop)
    {
        _token ??= await SignInAsync(stop);
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri($"https://localhost:{_node.Port}/turn/token"));
        request.Headers.Authorization = new("Bearer", _token);
        request.Content = Form(("aud", server), ("alg", "HMAC-SHA-256"));
        using var answer = await _http.SendAsync(request, stop);
        if (answer.StatusCode == HttpStatusCode.Unauthorized) _token = null;
        if (answer.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.Unauthorized) return null;
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
        return new(
            json.RootElement.GetProperty("kid").GetString()!, Bytes.Copy(json.RootElement.GetProperty("key").GetBytesFromBase64()),
            Bytes.Copy(json.RootElement.GetProperty("access_token").GetBytesFromBase64()), server,
            json.RootElement.GetProperty("expires_in").GetUInt32());
    }

    public override async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _node.DisposeAsync();
        _certificate.Dispose();
        _store.Dispose();
        Domain.Dispose();
    }

    sealed class Return(ShiftedTime time) : IDisposable
    {
        public void Dispose() => time.Ahead = TimeSpan.Zero;
    }

    static string Guest => $"sip:guest@{Realm}";

    async Task<string> SignInAsync(CancellationToken stop)
    {
        var ends = Time.GetUtcNow().AddHours(1).ToUnixTimeSeconds();
        using var answer = await _http.PostAsync(
            new Uri($"https://localhost:{_node.Port}/oauth/token"),
            Form(
                ("grant_type", "client_credentials"), ("client_id", Client), ("client_secret", _secret), ("scope", "turn"),
                ("ims_impu", Guest), ("lease_ends", $"{ends}")),
            stop);
        answer.EnsureSuccessStatusCode();
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(stop));
        return json.RootElement.GetProperty("access_token").GetString()!;
    }

    void ShowAs(FleetAuthority signer)
    {
        Signer = signer;
        Show(_files, signer.Server(Name));
        _certificate.Refresh(NullLogger.Instance);
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(signer.Root);
        _http.Dispose();
        _http = new(new SocketsHttpHandler { SslOptions = { CertificateChainPolicy = policy } });
    }

    static void Show(string files, TlsFiles shown)
    {
        File.Copy(shown.Certificate, files + ".pem", overwrite: true);
        File.Copy(shown.Key, files + ".key", overwrite: true);
        // A look at the files tells a new one by its time.
        File.SetLastWriteTimeUtc(files + ".pem", DateTime.UtcNow);
        File.SetLastWriteTimeUtc(files + ".key", DateTime.UtcNow);
    }

    static FormUrlEncodedContent Form(params IEnumerable<(string Name, string Value)> fields) =>
        new(fields.Select(field => KeyValuePair.Create(field.Name, field.Value)));
}
