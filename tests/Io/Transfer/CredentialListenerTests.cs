using System.Collections.Immutable;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Tests.Io.Tls;
using Portunus.Turn;

namespace Portunus.Tests.Io.Transfer;

/// <summary>The TURN server's interface for credentials over real TLS, asked by a client that knows nothing of our own.</summary>
public sealed class CredentialListenerTests : IAsyncLifetime
{
    const string Realm = "ims.example.net";
    const string Edge = "edge1.example.net";
    const string OtherEdge = "edge2.example.net";
    const string Path = $"/v1/realms/{Realm}/credentials";
    /// <summary>The epoch of the moment at which a request is made.</summary>
    const string Now = "now";

    const string Revocations = $"/v1/realms/{Realm}/revocations";

    static readonly string Md5 = new('a', 32);
    static readonly string Sha256 = new('b', 64);

    readonly Authority _operator = new();
    readonly PushedCredentials _table = new(Realm, new SystemRandom(), new() { PerEdge = 3 });
    readonly List<string> _ended = [];
    readonly List<(string Id, TimeSpan DeniedFor)> _revoked = [];
    readonly List<IDisposable> _open = [];
    CredentialListener _listener = null!;
    HttpClient _edge = null!;

    static long Soon => SystemClock.Now.UnixSeconds + 600;

    public async ValueTask InitializeAsync()
    {
        _listener = await StartAsync();
        _edge = Client(_operator.Client(Edge));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var thing in _open) thing.Dispose();
        await _listener.DisposeAsync();
        _operator.Dispose();
    }

    [Fact]
    public async Task A_credential_is_created_renewed_repeated_and_withdrawn()
    {
        var epoch = await EpochAsync();
        Assert.Equal(_table.EpochOf(Edge), epoch);
        var (created, body) = await PutAsync("alice", 5);
        Assert.Equal(HttpStatusCode.Created, created);
        Assert.Equal(epoch, body.GetProperty("epoch").GetUInt64());
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("alice", 6)).Status);
        Assert.Equal(HttpStatusCode.OK, (await PutAsync("alice", 6)).Status);
        Assert.True(_table.TryFind(SystemClock.Now, "alice"u8, out PushedCredential? found));
        Assert.Equal((6ul, "reg-alice"), (found.Sequence, found.Registration));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync("alice?sequence=7"));
        Assert.False(_table.TryFind(SystemClock.Now, "alice"u8, out PushedCredential? _));
        Assert.Equal(["reg-alice"], _ended);
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync("alice?sequence=7"));
        Assert.Equal(HttpStatusCode.NoContent, await DeleteAsync("nobody"));
    }

    [Fact]
    public async Task An_older_statement_and_one_below_a_withdrawal_conflict_and_are_told_with_what()
    {
        await PutAsync("alice", 5);
        var (status, problem) = await PutAsync("alice", 4);
        Assert.Equal(HttpStatusCode.Conflict, status);
        Assert.Equal(5ul, problem.GetProperty("sequence").GetUInt64());
        Assert.Equal(409, problem.GetProperty("status").GetInt32());
        await DeleteAsync("bob?sequence=9");
        Assert.Equal(HttpStatusCode.Conflict, (await PutAsync("bob", 8)).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("bob", 10)).Status);
        var (over, late) = await PutAsync("carol", 1, expires: 1);
        Assert.Equal(HttpStatusCode.Conflict, over);
        Assert.False(late.TryGetProperty("sequence", out _));
    }

    [Fact]
    public async Task A_set_ends_what_is_not_in_it_and_a_full_share_is_507()
    {
        await PutAsync("a", 1);
        var set = $$"""{"sequence":10,"credentials":[{{Entry("b", 2)}},{{Entry("late", 3, 1)}}]}""";
        var before = $"\"{await EpochAsync()}\"";
        var (status, body) = await SendAsync(HttpMethod.Post, Path + ":sync", set, match: before);
        Assert.Equal(HttpStatusCode.OK, status);
        // It opens an epoch: what was meant for the one before, and the set itself once more, is refused.
        Assert.Equal(await EpochAsync(), body.GetProperty("epoch").GetUInt64());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync("z", 11, match: before)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, Path + ":sync", set, match: before)).Status);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await SendAsync(HttpMethod.Post, Path + ":sync", set)).Status);
        Assert.Equal("late", Assert.Single(body.GetProperty("refused").EnumerateArray()).GetString());
        Assert.Equal(["reg-a"], _ended);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("c", 11)).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("d", 12)).Status);
        Assert.Equal(HttpStatusCode.InsufficientStorage, (await PutAsync("e", 13)).Status);
    }

    [Fact]
    public async Task What_was_meant_for_another_epoch_is_412_and_told_the_one_that_is()
    {
        var (status, problem) = await PutAsync("a", 1, match: $"\"{_table.EpochOf(Edge) + 1}\"");
        Assert.Equal(HttpStatusCode.PreconditionFailed, status);
        Assert.Equal(_table.EpochOf(Edge), problem.GetProperty("epoch").GetUInt64());
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await PutAsync("a", 1, match: "\"nonsense\"")).Status);
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("a", 1, match: $"\"{_table.EpochOf(Edge)}\"")).Status);
    }

    [Fact]
    public async Task Another_edge_is_403_at_a_name_that_is_not_its_own_and_a_realm_is_for_whom_it_was_given()
    {
        await PutAsync("alice", 5);
        var other = Client(_operator.Client("unknown.example.net", OtherEdge));
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("alice", 9, client: other)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, await DeleteAsync("alice", other));
        Assert.Equal(HttpStatusCode.Created, (await PutAsync("bob", 9, client: other)).Status);
        // The first edge may write another realm, which this server has not; the second may not write it.
        var foreign = Path.Replace(Realm, "other.example.net", StringComparison.Ordinal) + "/x";
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Put, foreign, Body(1))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Put, foreign, Body(1), other)).Status);
    }

    [Fact]
    public async Task Who_is_not_certified_for_it_writes_nothing()
    {
        using var stranger = new Authority("Stranger");
        var unnamed = Client(_operator.Client("page.example.net"));
        Assert.Equal(HttpStatusCode.Forbidden, (await PutAsync("alice", 1, client: unnamed)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await SendAsync(HttpMethod.Get, "/v1/epoch", null, unnamed)).Status);
        foreach (var files in new[]
        {
            stranger.Client(Edge) with { Authorities = _operator.RootFile },
            _operator.Expired(Edge),
            // A server's certificate is none of a client.
            _operator.Server(Edge),
        })
            await Assert.ThrowsAnyAsync<Exception>(() => PutAsync("alice", 1, client: Client(files)));
        using var naked = new HttpClient(new SocketsHttpHandler
        {
            SslOptions = { RemoteCertificateValidationCallback = (_, _, _, _) => true },
        });
        await Assert.ThrowsAnyAsync<Exception>(() => naked.GetAsync(new Uri($"https://{_listener.Address}/v1/epoch"), Stop));
        Assert.Equal(0, _table.Count);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("{\"keyMd5\":")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":1,\"extra\":1}")]
    [InlineData("{\"keyMd5\":\"MD5\",KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":1}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\"}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"\",\"sequence\":1}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"a b\",\"sequence\":1}")]
    [InlineData("{\"keyMd5\":\"zz\",\"keySha256\":\"SHA\",\"expires\":EXP,\"registration\":\"r\",\"sequence\":1}")]
    [InlineData("{\"keyMd5\":null,\"keySha256\":\"SHA\",\"expires\":EXP,\"registration\":\"r\",\"sequence\":1}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":0}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":9007199254740992}")]
    [InlineData("{KEYS,\"expires\":99999999999,\"registration\":\"r\",\"sequence\":1}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":1,\"limits\":{\"peers\":[\"everybody\"]}}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":1,\"limits\":{\"peers\":[null]}}")]
    [InlineData("{KEYS,\"expires\":EXP,\"registration\":\"r\",\"sequence\":1,\"limits\":{\"maxAllocations\":-1}}")]
    public async Task A_body_that_is_not_as_it_should_be_is_400_and_is_not_repeated(string body)
    {
        var text = body.Replace("KEYS", "\"keyMd5\":\"MD5\",\"keySha256\":\"SHA\"", StringComparison.Ordinal)
            .Replace("MD5", Md5, StringComparison.Ordinal)
            .Replace("SHA", Sha256, StringComparison.Ordinal)
            .Replace("EXP", $"{Soon}", StringComparison.Ordinal);
        var (status, problem) = await SendAsync(HttpMethod.Put, Path + "/alice", text);
        Assert.Equal(HttpStatusCode.BadRequest, status);
        Assert.DoesNotContain(Md5, problem.ToString(), StringComparison.Ordinal);
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public async Task Sets_with_holes_and_doubles_names_with_colons_and_bodies_without_end_are_refused()
    {
        foreach (var set in new[]
        {
            """{"sequence":1,"credentials":null}""", """{"sequence":1,"credentials":[null]}""",
            $$"""{"sequence":9,"credentials":[{{Entry("a", 1)}},{{Entry("a", 2)}}]}""",
            $$"""{"sequence":1,"credentials":[{{Entry("a", 2)}}]}""",
        })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Post, Path + ":sync", set)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await PutAsync("1800000000:opaque", 1)).Status);
        Assert.Equal(HttpStatusCode.BadRequest, await DeleteAsync("a?sequence=x"));
        var (large, _) = await SendAsync(HttpMethod.Put, Path + "/a", new string(' ', 20_000));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large);
        using var text = new StringContent("{}", Encoding.UTF8, "text/plain");
        using var answer = await _edge.PutAsync(Path + "/a", text, Stop);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await SendAsync(HttpMethod.Get, "/v2", null)).Status);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, (await SendAsync(HttpMethod.Post, "/v1/epoch", "{}")).Status);
    }

    [Fact]
    public async Task Settings_and_files_that_cannot_work_are_refused_in_a_sentence()
    {
        var settings = Settings();
        foreach (var (wrong, word) in new (CredentialListenerSettings, string)[]
        {
            (settings with { Listen = _listener.Address }, "taken"),
            (settings with { Tls = settings.Tls with { Key = _operator.Client("x").Key } }, "is not the private key"),
            (settings with { Tls = settings.Tls with { Key = "/nowhere" } }, "cannot be read"),
            (settings with { Tls = settings.Tls with { Authorities = settings.Tls.Key } }, "holds no certificate"),
            (settings with { Writers = settings.Writers.Clear(), Revokers = settings.Revokers.Clear() }, "Name at least one edge"),
            (settings with { Writers = settings.Writers.Add("EDGE1.example.net", [Realm]) }, "named twice"),
        })
        {
            var refused = await Assert.ThrowsAsync<RefusedException>(() =>
                CredentialListener.StartAsync(wrong, _table, _ => Task.CompletedTask, NullLoggerFactory.Instance));
            Assert.Contains(word, refused.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_document_describes_the_paths_and_methods_that_are_served() =>
        Assert.Equal(OpenApi.Turn.Operations.Order(), _listener.Served.Select(served => $"{served.Method} {served.Path}").Order());

    [Fact]
    public async Task Every_answer_that_the_document_describes_is_given_and_no_other()
    {
        var stranger = Client(_operator.Client("page.example.net"));
        var other = Client(_operator.Client(OtherEdge));
        string one = Path + "/one", set = Path + ":sync", empty = """{"sequence":50,"credentials":[]}""";
        var foreign = one.Replace(Realm, "other.example.net", StringComparison.Ordinal);
        var foreignSet = foreign.Replace("/one", ":sync", StringComparison.Ordinal);
        var (put, delete, post, epoch) = (HttpMethod.Put, HttpMethod.Delete, HttpMethod.Post, "\"1\"");
        var (denial, expires) = (Revocations + "/one", $$"""{"expires":{{Soon}}}""");
        var full = $$"""{"sequence":60,"credentials":[{{string.Join(',', "abcd".Select(c => Entry($"{c}", 55)))}}]}""";
        (HttpMethod, string, string?, HttpClient?, string?)[] requests =
        [
            (HttpMethod.Get, "/v1/epoch", null, null, null), (HttpMethod.Get, "/v1/epoch", null, stranger, null),
            (put, one, Body(5), null, null), (put, one, Body(5), null, null), (put, one, Body(4), null, null),
            (put, one, "{}", null, null), (put, one, Body(9), other, null), (put, foreign, Body(5), null, null),
            (put, one, Body(6), null, epoch), (put, one, new string(' ', 20_000), null, null),
            (put, Path + "/a", Body(6), null, null), (put, Path + "/b", Body(7), null, null),
            (put, Path + "/c", Body(8), null, null),
            (delete, one + "?sequence=9", null, other, null), (delete, one + "?sequence=x", null, null, null),
            (delete, foreign, null, null, null), (delete, one + "?sequence=9", null, null, null),
            (post, set, empty, null, Now), (post, set, "[]", null, null), (post, set, empty, stranger, null),
            (post, foreignSet, empty, null, null), (post, set, empty, null, epoch), (post, set, full, null, Now),
            (put, denial, expires, null, null), (put, Revocations + "/full", expires, null, null), (put, denial, "{}", null, null),
            (put, denial, expires, stranger, null), (put, denial, new string(' ', 20_000), null, null),
            (put, denial.Replace(Realm, "other.example.net", StringComparison.Ordinal), expires, null, null),
        ];
        var seen = new HashSet<string>();
        foreach (var (method, path, body, client, match) in requests)
        {
            var named = match == Now ? $"\"{_table.EpochOf(Edge)}\"" : match;
            var (status, _) = await SendAsync(method, path, body, client, named);
            seen.Add($"{method} {Template(path)} {(int)status}");
        }

        foreach (var (method, path) in new[] { (put, one), (post, set), (put, denial) })
        {
            using var text = new HttpRequestMessage(method, path);
            text.Content = new StringContent("{}", Encoding.UTF8, "text/plain");
            seen.Add($"{method} {Template(path)} {(int)(await _edge.SendAsync(text, Stop)).StatusCode}");
        }

        // Refused by its length, before a byte of it is sent.
        using var huge = new HttpRequestMessage(post, set) { Content = new ByteArrayContent(new byte[65 * 1024 * 1024]) };
        huge.Content.Headers.ContentType = new("application/json");
        huge.Headers.ExpectContinue = true;
        seen.Add($"{post} {Template(set)} {(int)(await _edge.SendAsync(huge, Stop)).StatusCode}");
        Assert.Equal(OpenApi.Turn.Answers.Order(), seen.Order());
    }

    [Fact]
    public async Task A_revocation_denies_an_id_for_as_long_as_it_says_and_is_answered_when_that_is_done()
    {
        var (status, _) = await SendAsync(HttpMethod.Put, Revocations + "/reg%2F1", $$"""{"expires":{{Soon}}}""");
        Assert.Equal(HttpStatusCode.NoContent, status);
        var (id, deniedFor) = Assert.Single(_revoked);
        Assert.Equal("reg%2F1", id);
        Assert.InRange(deniedFor, TimeSpan.FromSeconds(590), TimeSpan.FromSeconds(600));
        // What has expired may have left something behind that lives.
        Assert.Equal(HttpStatusCode.NoContent, (await SendAsync(HttpMethod.Put, Revocations + "/old", """{"expires":1}""")).Status);
        Assert.Equal(("old", TimeSpan.Zero), _revoked[^1]);
        foreach (var wrong in new[] { "{}", "null", """{"expires":"soon"}""", """{"expires":99999999999}""", """{"expires":1,"why":""}""" })
            Assert.Equal(HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, Revocations + "/one", wrong)).Status);
        Assert.Equal(
            HttpStatusCode.BadRequest, (await SendAsync(HttpMethod.Put, Revocations + "/a%20b", $$"""{"expires":{{Soon}}}""")).Status);
        Assert.Equal(2, _revoked.Count);
    }

    [Fact]
    public async Task Where_the_feed_is_off_its_path_is_none()
    {
        await using var without = await CredentialListener.StartAsync(
            Settings(), _table, _ => Task.CompletedTask, NullLoggerFactory.Instance);
        var client = Client(_operator.Client(Edge), without.Address);
        var (status, _) = await SendAsync(HttpMethod.Put, Revocations + "/one", $$"""{"expires":{{Soon}}}""", client);
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    static string Template(string path) => path.Split('?')[0] switch
    {
        var revocation when revocation.Contains("/revocations/", StringComparison.Ordinal) => "/v1/realms/{realm}/revocations/{id}",
        "/v1/epoch" => "/v1/epoch",
        var set when set.EndsWith(":sync", StringComparison.Ordinal) => "/v1/realms/{realm}/credentials:sync",
        _ => "/v1/realms/{realm}/credentials/{username}",
    };

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    CredentialListenerSettings Settings() => new()
    {
        Listen = new(IPAddress.Loopback, 0),
        Tls = _operator.Server("turn1.example.net"),
        Writers = new Dictionary<string, ImmutableArray<string>>
        {
            [Edge] = [Realm, "other.example.net"],
            [OtherEdge] = [Realm],
        }.ToImmutableDictionary(),
    };

    Task<CredentialListener> StartAsync() => CredentialListener.StartAsync(Settings(), _table, ended =>
    {
        lock (_ended) _ended.AddRange(ended);
        return Task.CompletedTask;
    }, NullLoggerFactory.Instance, (subjects, deniedFor) =>
    {
        var id = subjects[0].Name.ToString();
        lock (_revoked) _revoked.Add((id, deniedFor));
        return Task.FromResult(id != "full");
    });

    HttpClient Client(TlsFiles files, IPEndPoint? listener = null)
    {
        var identity = TlsIdentity.Load(files);
        var client = new HttpClient(new SocketsHttpHandler { SslOptions = identity.ForClient() })
        {
            BaseAddress = new($"https://{listener ?? _listener.Address}"),
        };
        _open.Add(client);
        _open.Add(identity);
        return client;
    }

    async Task<ulong> EpochAsync() => (await SendAsync(HttpMethod.Get, "/v1/epoch", null)).Body.GetProperty("epoch").GetUInt64();

    Task<(HttpStatusCode Status, JsonElement Body)> PutAsync(
        string name, ulong sequence, long? expires = null, string? match = null, HttpClient? client = null) =>
        SendAsync(HttpMethod.Put, $"{Path}/{name}", Body(sequence, expires, name), client, match);

    async Task<HttpStatusCode> DeleteAsync(string name, HttpClient? client = null) =>
        (await SendAsync(HttpMethod.Delete, $"{Path}/{name}", null, client)).Status;

    async Task<(HttpStatusCode Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, string? body, HttpClient? client = null, string? match = null)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null) request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        if (match is not null) request.Headers.IfMatch.Add(EntityTagHeaderValue.Parse(match));
        using var response = await (client ?? _edge).SendAsync(request, Stop);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var text = await response.Content.ReadAsStringAsync(Stop);
        if ((int)response.StatusCode >= 400)
            Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        return (response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement.Clone());
    }

    static string Body(ulong sequence, long? expires = null, string name = "x") =>
        $$"""{"keyMd5":"{{Md5}}","keySha256":"{{Sha256}}","expires":""" +
        $$"""{{expires ?? Soon}},"registration":"reg-{{name}}","sequence":{{sequence}}}""";

    static string Entry(string name, ulong sequence, long? expires = null) =>
        $$"""{"username":"{{name}}",{{Body(sequence, expires, name)[1..]}}""";
}
