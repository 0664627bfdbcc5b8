using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Waf;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Transfer;
using Portunus.Turn;
using Operator = Portunus.Tests.Io.Tls.Authority;

namespace Portunus.Tests.Io.Waf;

/// <summary>A WAF and a TURN server that takes its tokens, over real sockets, with the revocation feed between them or without.</summary>
sealed class RevocationStand : IAsyncDisposable
{
    public const string Server = "turn1.ims.example.net";

    const string WafName = "waf.example.net";

    static readonly TokenKey Key = new("by-hand", TokenAlgorithm.A256Gcm, new byte[32]);
    static readonly TransportAddress Loopback = TransportAddress.IPv4(0x7F000001, 0);

    readonly Operator _operator = new();
    readonly TurnSide _side;
    GrantRevoker? _revoker;

    RevocationStand(WafStand waf)
    {
        Waf = waf;
        _side = new(_operator, Server, WafStand.Realm, "edge1.example.net", WafName)
        {
            Revoke = (subjects, deniedFor) => Turn!.RevokeAsync(subjects, deniedFor),
        };
        Turn = StartTurn(Loopback);
    }

    public WafStand Waf { get; }

    public TurnNode Turn { get; private set; }

    public static async Task<RevocationStand> StartAsync(bool hasFeed)
    {
        var waf = await WafStand.StartAsync(settings => settings with
        {
            Waf = settings.Waf with { TurnKeys = new Dictionary<string, TokenKey> { [Server] = Key } },
        });
        var stand = new RevocationStand(waf);
        await stand._side.StartAsync();
        if (hasFeed) stand.StartFeed();
        return stand;
    }

    public void StartFeed() => _revoker = GrantRevoker.Start(
        new() { Transfer = new() { Servers = [_side.Target], Tls = _operator.Client(WafName) }, Time = Waf.Time },
        Waf.Store, Waf.Logs);

    public async Task StopFeedAsync()
    {
        if (_revoker is not null) await _revoker.DisposeAsync();
        _revoker = null;
    }

    /// <summary>The TURN server ends and begins anew at its port: nothing is known that it was told.</summary>
    public async Task RestartTurnAsync()
    {
        var address = Turn.Listeners[0];
        await _side.StopAsync();
        Turn.Dispose();
        Turn = StartTurn(address);
        await _side.StartAsync();
    }

    /// <summary>A token for the TURN server, of who shows an access token.</summary>
    public async Task<IssuedToken> TurnTokenAsync(string bearer)
    {
        var (_, json) = await TurnTokenTests.AskAsync(Waf, bearer, ("aud", Server));
        return new(
            json.Text("kid"), Bytes.Copy(Convert.FromBase64String(json.Text("key"))),
            Bytes.Copy(Convert.FromBase64String(json.Text("access_token"))), Server, json.GetProperty("expires_in").GetUInt32());
    }

    public RawClient Open(IssuedToken token) => new(Turn.Listeners[0], token);

    public Task RevokeAsync(string token) =>
        Waf.Browser.PostFormAsync("/oauth/revoke", null, ("client_id", "page"), ("token", token));

    public async ValueTask DisposeAsync()
    {
        await StopFeedAsync();
        await _side.DisposeAsync();
        Turn.Dispose();
        await Waf.DisposeAsync();
        _operator.Dispose();
    }

    static TurnNode StartTurn(TransportAddress listen) => TurnNode.Start(
        new()
        {
            Listen = [listen],
            Rules = new() { Realm = WafStand.Realm, Relays = [new(Loopback)], AllowPeers = [AddressRange.Parse("127.0.0.0/8")] },
        },
        new CredentialVerifier(new() { Realm = WafStand.Realm, ServerName = Server, TokenKeys = [new(Key)] }),
        NullLogger.Instance);
}
