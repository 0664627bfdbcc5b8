using System.Collections.Immutable;
using System.Net;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>What a WAF may say at a TURN server's interface for credentials: that tokens count no more, and nothing else.</summary>
public sealed class RevokerTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net", Waf = "waf.example.org", OtherWaf = "waf.example.com";
    const int Share = 4;
    const string Grant = "0011223344556677";
    const string Revocations = $"/v1/realms/{Realm}/revocations";

    readonly Authority _operator = new();
    readonly PushedCredentials _table = new(Realm, new SystemRandom());
    readonly List<(ImmutableArray<Subject> Subjects, TimeSpan DeniedFor)> _revoked = [];
    readonly List<IDisposable> _open = [];
    CredentialListener _listener = null!;

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _listener = await StartAsync(edgesMayRevoke: false);

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in _open) thing.Dispose();
        await _listener.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task A_WAF_ends_tokens_and_no_registration_whatever_its_id()
    {
        var waf = Client(Waf);
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(waf, Grant));
        var (subjects, deniedFor) = Assert.Single(_revoked);
        Assert.Equal([CredentialKind.Token], subjects.Select(subject => subject.Kind));
        Assert.Equal(Grant, subjects[0].Name.ToString());
        Assert.InRange(deniedFor, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600));
        foreach (var wrong in new[] { "registration1", Grant + "0", Grant[1..], "00112233445566AA", "alice" })
            Assert.Equal(HttpStatusCode.BadRequest, await RevokeAsync(waf, wrong));
        Assert.Single(_revoked);
    }

    [Fact]
    public async Task A_WAF_writes_no_credential_and_withdraws_none()
    {
        var waf = Client(Waf);
        var credentials = $"/v1/realms/{Realm}/credentials";
        using var body = new StringContent("{}", Encoding.UTF8, "application/json");
        Assert.Equal(HttpStatusCode.Forbidden, (await waf.PutAsync($"{credentials}/alice", body, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await waf.DeleteAsync($"{credentials}/alice", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await waf.PostAsync($"{credentials}:sync", body, Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await waf.GetAsync("/v1/epoch", Stop)).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, await RevokeAsync(waf, Grant, "other.example.net"));
        Assert.Equal(0, _table.Count);
        Assert.Empty(_revoked);
    }

    [Fact]
    public async Task An_edge_revokes_where_it_may_and_a_stranger_nowhere()
    {
        Assert.Equal(HttpStatusCode.Forbidden, await RevokeAsync(Client(Edge), Grant));
        Assert.Equal(HttpStatusCode.Forbidden, await RevokeAsync(Client("page.example.net"), Grant));
        await using var open = await StartAsync(edgesMayRevoke: true);
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(Client(Edge, open.Address), "registration1"));
        Assert.Equal(3, Assert.Single(_revoked).Subjects.Length);
    }

    [Fact]
    public async Task The_denials_of_one_WAF_are_bounded_and_beyond_its_share_what_lives_ends()
    {
        var waf = Client(Waf);
        for (var i = 0; i < Share; i++) Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(waf, $"{i:x16}"));
        Assert.Equal(HttpStatusCode.InsufficientStorage, await RevokeAsync(waf, Grant));
        Assert.Equal((Grant, TimeSpan.Zero), (_revoked[^1].Subjects[0].Name.ToString(), _revoked[^1].DeniedFor));
        // What is denied already takes no more room, and another WAF has its own.
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(waf, $"{1:x16}"));
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(Client(OtherWaf), Grant));
    }

    [Fact]
    public void A_share_is_free_again_when_what_was_denied_has_ended()
    {
        var share = new DenialShare(1);
        var now = SystemClock.Now;
        var end = now + TimeSpan.FromMinutes(10);
        Assert.True(share.TryTake(now, Grant, end));
        Assert.False(share.TryTake(now, "8899aabbccddeeff", end));
        // Later than it was: the place is held for as long.
        Assert.True(share.TryTake(now, Grant, end + TimeSpan.FromMinutes(10)));
        Assert.False(share.TryTake(end, "8899aabbccddeeff", end + TimeSpan.FromMinutes(10)));
        Assert.True(share.TryTake(end + TimeSpan.FromMinutes(10), "8899aabbccddeeff", end + TimeSpan.FromMinutes(20)));
    }

    Task<CredentialListener> StartAsync(bool edgesMayRevoke) => CredentialListener.StartAsync(
        Settings(edgesMayRevoke), _table, _ => Task.CompletedTask, NullLoggerFactory.Instance, (subjects, deniedFor) =>
        {
            lock (_revoked) _revoked.Add((subjects, deniedFor));
            return Task.FromResult(true);
        });

    CredentialListenerSettings Settings(bool edgesMayRevoke) => new()
    {
        Listen = new(IPAddress.Loopback, 0),
        Tls = _operator.Server("turn1.example.net"),
        Writers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(Edge, [Realm]),
        Revokers = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add(Waf, [Realm]).Add(OtherWaf, [Realm]),
        EdgesMayRevoke = edgesMayRevoke,
        MostRevoked = 2 * Share,
    };

    HttpClient Client(string name, IPEndPoint? listener = null)
    {
        var identity = TlsIdentity.Load(_operator.Client(name));
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() })
        {
            BaseAddress = new($"https://{listener ?? _listener.Address}"),
        };
        _open.Add(client);
        _open.Add(identity);
        return client;
    }

    static async Task<HttpStatusCode> RevokeAsync(HttpClient client, string id, string realm = Realm)
    {
        using var body = new StringContent(
            $$"""{"expires":{{SystemClock.Now.UnixSeconds + 600}}}""", Encoding.UTF8, "application/json");
        var path = Revocations.Replace(Realm, realm, StringComparison.Ordinal);
        using var answer = await client.PutAsync($"{path}/{id}", body, Stop);
        return answer.StatusCode;
    }
}
