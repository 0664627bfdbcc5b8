using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Nodes;
using Portunus.Nodes.Core;
using Portunus.Nodes.Mw;
using Portunus.Nodes.Outside;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Web;
using Portunus.Store;
using Portunus.Turn;

namespace Portunus.Tests.Io.Wic;

/// <summary>
/// A system whose users come with access tokens of scenario 2, and whose edge gives TURN credentials of both kinds; its WAF is one
/// sentence of this file.
/// </summary>
public sealed class TokenSystem : IAsyncLifetime, ITokenVerifier
{
    public const string Realm = "ims.localhost";

    /// <summary>Alice's, for ten minutes.</summary>
    public const string Token = "eyJhbGciOiJFUzI1NiJ9.e30.c2lnbmF0dXJl";

    const string Issuer = "https://waf.ims.localhost/";
    const string TurnName = "turn1.ims.localhost";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
    readonly LoopbackPort _http = LoopbackPort.Bind("--http", 0);
    readonly LoopbackPort _https = LoopbackPort.Bind("--https", 0);
    TurnNode _turn = null!;
    SubscriberStore _subscribers = null!;
    EdgeNode _edge = null!;
    CscfNode _core = null!;
    WebNode _web = null!;

    public string W2 => $"ws://127.0.0.1:{_http.Port}/w2";

    public async ValueTask InitializeAsync()
    {
        var key = new TokenKey("edge1", TokenAlgorithm.A256Gcm, new byte[32]);
        SharedSecret.TryParse("north", out var secret);
        var loopback = TransportAddress.IPv4(0x7F000001, 0);
        _turn = TurnNode.Start(
            new()
            {
                Listen = [loopback],
                Rules = new() { Realm = Realm, Relays = [new(loopback)], AllowPeers = [AddressRange.Single(loopback)] },
            },
            new CredentialVerifier(new CredentialSources
            {
                Realm = Realm, Secrets = [secret!], TokenKeys = [new(key)], ServerName = TurnName,
            }),
            NullLogger.Instance);
        var sites = new TurnSites([new(TurnName, Realm, new TurnUri(false, "127.0.0.1", _turn.Listeners[0].Port, "udp"))]);
        var (edgeEnd, coreEnd) = MwPipe.Create(NullLogger.Instance);
        _edge = new(
            new()
            {
                HomeDomain = Realm,
                Host = $"epcscf.{Realm}",
                TokenKey = Bytes.Copy(new byte[32]),
                Tokens = new() { Wafs = [new() { Issuer = Issuer }] },
            },
            shards: 1,
            () => new CombinedProvisioning(
                new OAuthProvisioning(sites, new Dictionary<string, TokenKey> { [TurnName] = key }, new SystemRandom()),
                new SharedSecretProvisioning(secret!, Realm, [new TurnUri(false, "127.0.0.1", _turn.Listeners[0].Port, "udp")])),
            edgeEnd,
            NullLogger.Instance,
            new() { Tokens = this });
        _subscribers = SubscriberStore.Open(_folder);
        await _subscribers.SaveAsync(
            SubscriberRecord.WithPassword($"alice@{Realm}", [$"sip:alice@{Realm}"], Realm, "nobody's", DigestAlgorithms.Md5));
        _core = new(
            new() { HomeDomain = Realm, Host = $"scscf.{Realm}", NonceKey = Bytes.Copy(new byte[32]) },
            _subscribers, coreEnd, NullLogger.Instance);
        _edge.Start();
        _core.Start();
        _web = await WebNode.StartAsync(
            new()
            {
                Http = _http,
                Https = _https,
                Certificate = LoopbackCertificate.Create(),
                PageFolder = _folder,
                Realm = Realm,
                W2 = new() { Origins = new HashSet<string>() },
            },
            _edge,
            NullLoggerFactory.Instance);
    }

    public Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience) =>
        Task.FromResult<EdgeAnswer>(token != Token ? new EdgeAnswer.NotVerified(TokenFault.Invalid) : new EdgeAnswer.Verified(new()
        {
            PrivateIdentity = $"alice@{Realm}",
            Identities = [$"sip:alice@{Realm}"],
            Issuer = Issuer,
            Scenario = Scenario.Web,
            Expires = SystemClock.Now.UnixSeconds + 600,
            Id = "1",
            Scopes = ["ims.register"],
        }));

    public async ValueTask DisposeAsync()
    {
        await _edge.CloseFlowsAsync(TimeSpan.FromSeconds(3));
        await _web.DisposeAsync();
        foreach (var part in new IDisposable[] { _core, _edge, _subscribers, _turn, _http, _https }) part.Dispose();
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }
}
