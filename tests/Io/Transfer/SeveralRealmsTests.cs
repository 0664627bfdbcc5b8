using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>One interface for the credentials of two realms: each has its table, its epochs and its edges.</summary>
public sealed class SeveralRealmsTests : IAsyncLifetime
{
    const string First = "example.org";
    const string Tenant = "tenant.example.net";

    readonly Authority _operator = new();
    readonly PushedCredentials _first = new(First, new SystemRandom());
    readonly PushedCredentials _tenant = new(Tenant, new SystemRandom(), isFurther: true);
    readonly List<(string Realm, string Registration)> _ended = [];
    readonly List<ImmutableArray<Subject>> _revoked = [];
    readonly List<IDisposable> _open = [];
    CredentialListener _listener = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _listener = await CredentialListener.StartAsync(
        new()
        {
            Listen = new(IPAddress.Loopback, 0),
            Tls = _operator.Server(),
            Writers = new Dictionary<string, ImmutableArray<string>>
            {
                ["both.example.org"] = [First, Tenant],
                ["edge.example.net"] = [Tenant],
            }.ToImmutableDictionary(),
        },
        [Table(_first), Table(_tenant)],
        NullLoggerFactory.Instance,
        (subjects, _) =>
        {
            _revoked.Add(subjects);
            return Task.FromResult(true);
        });

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in _open) thing.Dispose();
        await _listener.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task One_name_in_two_realms_is_two_credentials_and_each_ends_alone()
    {
        var edge = Client("both.example.org");
        foreach (var realm in new[] { First, Tenant }) Assert.Equal(HttpStatusCode.Created, await PutAsync(edge, realm));
        Assert.Equal((1, 1), (_first.Count, _tenant.Count));
        using var answer = await edge.DeleteAsync(Uri($"/v1/realms/{Tenant}/credentials/w1?sequence=2"), Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal((1, 0), (_first.Count, _tenant.Count));
        Assert.Equal([(Tenant, "reg-w1")], _ended);
    }

    [Fact]
    public async Task An_edge_of_one_realm_writes_that_alone_and_has_its_epoch_without_naming_it()
    {
        var edge = Client("edge.example.net");
        Assert.Equal(HttpStatusCode.Forbidden, await PutAsync(edge, First));
        Assert.Equal(HttpStatusCode.Created, await PutAsync(edge, Tenant));
        foreach (var query in new[] { "", $"?realm={Tenant}", $"?realm={First}" })
            Assert.Equal(_tenant.EpochOf("edge.example.net"), await EpochAsync(edge, query));
    }

    [Fact]
    public async Task An_edge_of_both_has_an_epoch_in_each_and_names_the_realm()
    {
        var edge = Client("both.example.org");
        Assert.Equal(_first.EpochOf("both.example.org"), await EpochAsync(edge, ""));
        Assert.Equal(_first.EpochOf("both.example.org"), await EpochAsync(edge, $"?realm={First}"));
        Assert.Equal(_tenant.EpochOf("both.example.org"), await EpochAsync(edge, $"?realm={Tenant}"));
        Assert.NotEqual(_first.EpochOf("both.example.org"), _tenant.EpochOf("both.example.org"));
    }

    [Fact]
    public async Task A_revocation_denies_the_id_in_its_realm_alone()
    {
        using var body = new StringContent(
            $$"""{"expires":{{SystemClock.Now.UnixSeconds + 60}}}""", Encoding.UTF8, "application/json");
        using var answer = await Client("edge.example.net").PutAsync(Uri($"/v1/realms/{Tenant}/revocations/reg-w1"), body, Stop);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(Subject.OfId("reg-w1", Tenant), Assert.Single(_revoked));
    }

    CredentialTable Table(PushedCredentials pushed) => new(pushed, ended =>
    {
        lock (_ended) _ended.AddRange(ended.Select(registration => (pushed.Realm, registration)));
        return Task.CompletedTask;
    });

    HttpClient Client(string name)
    {
        var identity = TlsIdentity.Load(_operator.Client(name));
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() })
        {
            BaseAddress = new($"https://{_listener.Address}"),
        };
        _open.Add(client);
        _open.Add(identity);
        return client;
    }

    static Uri Uri(string path) => new(path, UriKind.Relative);

    static async Task<ulong> EpochAsync(HttpClient edge, string query) =>
        (await edge.GetFromJsonAsync<JsonElement>(Uri($"/v1/epoch{query}"), Stop)).GetProperty("epoch").GetUInt64();

    static async Task<HttpStatusCode> PutAsync(HttpClient edge, string realm)
    {
        using var body = new StringContent(
            $$"""
            { "keyMd5": "{{new string('a', 32)}}", "keySha256": "{{new string('b', 64)}}",
              "expires": {{SystemClock.Now.UnixSeconds + 600}}, "registration": "reg-w1", "sequence": 1 }
            """,
            Encoding.UTF8,
            "application/json");
        using var answer = await edge.PutAsync(Uri($"/v1/realms/{realm}/credentials/w1"), body, Stop);
        return answer.StatusCode;
    }
}
