using System.Net;
using System.Text;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Io.Serve;

/// <summary><c>portunus serve</c> with a realm for a tenant: users of the file, what edges push for it, what the operator sees.</summary>
public sealed class RealmTests : IDisposable
{
    const string Tenant = "tenant.example.org";
    const string Origin = "https://app.example.org";

    readonly ConfigurationFolder _folder = new();
    readonly Authority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public async Task Sessions_audit_and_metrics_tell_the_realm_and_SIGHUP_takes_another_one_over()
    {
        using var server = Serve($$"""{ "name": "{{Tenant}}", "origins": ["{{Origin}}"], {{User("carol")}} }""");
        var at = At(server);
        using RawClient home = new(at, "user", ConfigurationFolder.Password), tenant = Client(at, "carol", Origin);
        Assert.Null(home.Allocate().Error);
        Assert.Null(tenant.Allocate().Error);
        var sessions = JsonDocument.Parse(await GetAsync(server, "/v1/sessions")).RootElement.GetProperty("sessions");
        Assert.Equal(
            [("carol", Tenant), ("user", ConfigurationFolder.Domain)],
            sessions.EnumerateArray().Select(one => (one.GetProperty("name").GetString()!, one.GetProperty("realm").GetString()!)).Order());
        await Eventually.TrueAsync(() => Audit.AuditFileTests.ReadLines(AuditFile).Length == 2);
        Assert.Contains(Audit.AuditFileTests.ReadLines(AuditFile), line => line.GetProperty("realm").GetString() == Tenant);
        var metrics = Exposition.Read(await GetAsync(server, "/metrics"));
        Assert.Equal(1, metrics[$"portunus_turn_realm_allocations{{realm=\"{Tenant}\"}}"]);
        Assert.Equal(1, metrics[$"portunus_turn_realm_allocations_begun_total{{realm=\"{ConfigurationFolder.Domain}\"}}"]);

        using var early = Client(at, "dora", "https://late.example.com");
        Assert.Equal(ErrorCode.Unauthenticated, early.Allocate().Error);
        Write($$"""
            { "name": "{{Tenant}}", "origins": ["{{Origin}}"], {{User("carol")}} },
            { "name": "late.example.com", "origins": ["https://late.example.com"], {{User("dora")}}, "totalQuota": 1 }
            """);
        server.Tell(1);
        await server.SaysAsync("was read again");
        using RawClient late = Client(at, "dora", "https://late.example.com"), second = Client(at, "dora", "https://late.example.com");
        Assert.Null(late.Allocate().Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);
        Assert.Null(tenant.Refresh(600).Error);
        Assert.Equal(0, server.Terminate());
    }

    [Fact]
    public async Task What_an_edge_makes_known_for_one_realm_counts_there_alone_and_ends_by_its_word()
    {
        var files = _authority.Server();
        using var server = Serve(
            $$"""{ "name": "{{Tenant}}", "origins": ["{{Origin}}"] }""",
            $$"""
            , "credentials": { "listen": "127.0.0.1:0", "certificate": "{{files.Certificate}}", "certificateKey": "{{files.Key}}",
                "authorities": "{{files.Authorities}}", "revocations": true,
                "edges": [{ "name": "edge.example.org", "realms": ["{{Tenant}}"] }, { "name": "edge.example.net" }] }
            """);
        using var identity = TlsIdentity.Load(_authority.Client("edge.example.org"));
        using var edge = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() })
        {
            BaseAddress = new($"https://{server.At("credentials")}"),
        };
        Assert.Equal(HttpStatusCode.Created, await PutAsync(edge, Tenant, "w1", "secret"));
        // The first realm is another edge's.
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(edge, ConfigurationFolder.Domain, "w1", "secret"));
        var at = At(server);
        using RawClient pushed = new(at, "w1", "secret") { Origin = Origin }, lost = new(at, "w1", "secret");
        Assert.Null(pushed.Allocate().Error);
        Assert.Equal(ErrorCode.Unauthenticated, lost.Allocate().Error);
        using var answer = await edge.DeleteAsync(new Uri($"/v1/realms/{Tenant}/credentials/w1?sequence=2", UriKind.Relative), Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(ErrorCode.Unauthenticated, pushed.Refresh(600).Error);
        Assert.Equal(0, server.Terminate());
    }

    [Theory]
    [InlineData("""{ "name": "ims.example.net", "origins": ["https://a.example"], USERS }""",
        "5:9: turn.realms[0].name: domain has it already")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"], USERS }, { "name": "a", "origins": ["https://b.example"], USERS }""",
        "turn.realms[1].name: turn.realms[0] has it already")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"], USERS }, { "name": "b", "origins": ["https://a.example"], USERS }""",
        "turn.realms[1].origins[0]: turn.realms[0] has it already")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example/"], USERS }""", "turn.realms[0].origins[0]: 'https://a.example/' is not")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"] }""", "turn.realms[0]: nobody could use this realm")]
    [InlineData("""{ "name": "a", USERS }""", "turn.realms[0]: no client is ever challenged with it")]
    [InlineData(
        """
        { "name": "a", "origins": ["https://a.example"], "oauthKeys": [{ "key": "@oauth-key" }] },
        { "name": "b", "oauthKeys": [{ "key": "@oauth-key" }] }
        """,
        "The kid 'a-key' is given twice")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"], "oauthKeys": [{ "key": "@oauth-key", "limits": "none" }] }""",
        "turn.realms[0].limits: The key 'a-key' has a profile that nobody defined")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"], "users": [{ "name": "1234567890:x", "password": "@turn-secret" }] }""",
        "turn.realms[0].users: The name '1234567890:x'")]
    [InlineData("""{ "name": "a", "origins": ["https://a.example"], USERS, "totalQuota": 0 }""",
        "turn.realms[0].totalQuota: write a whole number from 1")]
    public void Check_names_what_is_wrong_with_realms(string realms, string mistake)
    {
        Write(realms.Replace("USERS", User("u"), StringComparison.Ordinal));
        var (code, _, errors) = PortunusProcess.Run(["check", Path.Combine(_folder.Path, "portunus.json")]);
        Assert.Equal(1, code);
        Assert.Contains(mistake, errors, StringComparison.Ordinal);
    }

    string AuditFile => Path.Combine(_folder.Path, "audit.jsonl");

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    static string User(string name) => $"\"users\": [{{ \"name\": \"{name}\", \"password\": \"@turn-secret\" }}]";

    static RawClient Client(TransportAddress at, string user, string origin) => new(at, user, "a secret of relays") { Origin = origin };

    static TransportAddress At(PortunusProcess server) =>
        TransportAddress.TryParse(server.At("turn"), out var at) ? at : throw new FormatException();

    PortunusProcess Serve(string realms, string more = "") => PortunusProcess.Serve("serve", "--config", Write(realms, more));

    string Write(string realms, string more = "") => _folder.Write("portunus.json", $$"""
        { "domain": "ims.example.net",
          "turn": { "listen": ["127.0.0.1:0"], "relayAddresses": ["127.0.0.1"], "audit": "audit.jsonl",
            "users": [{ "name": "user", "password": "@alice-password" }],
            "realms": [
              {{realms.Trim()}} ]{{more.Trim()}} },
          "admin": { "listen": "127.0.0.1:0", "tokenFile": "admin-token" } }
        """);

    static async Task<string> GetAsync(PortunusProcess server, string path)
    {
        using var http = new HttpClient();
        http.DefaultRequestHeaders.Authorization = new("Bearer", ConfigurationFolder.Token);
        return await http.GetStringAsync(new Uri($"http://{server.At("admin")}{path}"), Stop);
    }

    static async Task<HttpStatusCode> PutAsync(HttpClient edge, string realm, string name, string password)
    {
        LongTermKey Key(PasswordAlgorithm algorithm) =>
            LongTermKey.TryDerive(algorithm, name, realm, password, out var key) ? key : throw new FormatException();
        using var body = new StringContent(
            $$"""
            { "keyMd5": "{{Convert.ToHexStringLower(Key(PasswordAlgorithm.Md5).Span)}}",
              "keySha256": "{{Convert.ToHexStringLower(Key(PasswordAlgorithm.Sha256).Span)}}",
              "expires": {{SystemClock.Now.UnixSeconds + 600}}, "registration": "reg-{{name}}", "sequence": 1 }
            """,
            Encoding.UTF8,
            "application/json");
        using var answer = await edge.PutAsync(new Uri($"/v1/realms/{realm}/credentials/{name}", UriKind.Relative), body, Stop);
        return answer.StatusCode;
    }
}
