using System.Net;
using System.Text.Json;
using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Up;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Io.Matrix;

/// <summary>A WIC that registers by a scenario, takes what it is given, and relays with it.</summary>
sealed class MatrixClient : IAsyncDisposable
{
    readonly MatrixSystem _system;
    readonly string? _token;

    MatrixClient(MatrixSystem system, SipClient sip, string? token) => (_system, Sip, _token) = (system, sip, token);

    public SipClient Sip { get; }

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <param name="system">Where.</param>
    /// <param name="scenario">S1 by SIP Digest, S2 by a login at the WAF, S3 by an identity that a site leases.</param>
    public static async Task<MatrixClient> ConnectAsync(MatrixSystem system, string scenario) => new(
        system, await system.ConnectAsync(scenario == "S3" ? "web1" : "alice"), scenario switch
        {
            "S1" => null,
            "S2" => (await system.WebAuthorization.Browser.TokensAsync()).Text("access_token"),
            _ => (await system.WebAuthorization.Browser.TokenAsync(
                "site", ("grant_type", "client_credentials"), ("scope", "ims.register turn"),
                ("ims_impu", $"sip:web1@{MatrixSystem.Realm}"),
                ("lease_ends", $"{system.WebAuthorization.Time.UnixSeconds + 300}"))).Text("access_token"),
        });

    /// <summary>The 200 to a REGISTER.</summary>
    public async Task<SipMessage> RegisterAsync(string ask = "password", int expires = 600)
    {
        var registered = _token is null
            ? await Sip.RegisterAsync(MatrixSystem.SipPassword, expires: expires, ask: ask)
            : await Sip.RequestAsync(
                Sip.Request("REGISTER", $"sip:{MatrixSystem.Realm}", Sip.Impu),
                $"Contact: {Sip.Contact};expires={expires}", "Supported: path, outbound", $"Turn-Credential-Request: {ask}",
                $"Authorization: Bearer {_token}");
        Assert.Equal(200, registered.Status);
        return registered;
    }

    /// <summary>Registers until there is a credential: at first the edge may not have found the TURN server.</summary>
    public async Task<TurnCredential> CredentialAsync(string ask = "password")
    {
        for (var tries = 0; tries < 100; tries++)
        {
            if (Read(await RegisterAsync(ask)) is { } credential) return credential;
            await Task.Delay(50, Stop);
        }

        throw new TimeoutException("No credential came.");
    }

    /// <summary>What the WAF says when it is asked for a token of the TURN server with the token of the registration; without
    /// one, with that of a client that nobody signed in to.</summary>
    public async Task<(HttpStatusCode Status, JsonElement Json)> AskWafAsync()
    {
        var waf = _system.WebAuthorization;
        var bearer = _token ?? (await waf.Browser.TokenAsync(
            "native", ("grant_type", "client_credentials"), ("scope", "turn"))).Text("access_token");
        return await TurnTokenTests.AskAsync(waf, bearer, ("aud", MatrixSystem.TurnName));
    }

    public RawClient Open(TurnCredential credential) => credential switch
    {
        OAuthCredential { Token: var token } => new(_system.Turn.Listeners[0], token),
        PasswordCredential { Username: var user, Credential: var password } => new(_system.Turn.Listeners[0], user, password),
        _ => throw new InvalidOperationException(credential.Type),
    };

    public RawClient Open(string user, string password) => new(_system.Turn.Listeners[0], user, password);

    /// <summary>From an Allocate to a datagram that arrives, at another relay of the same credential.</summary>
    /// <returns>The client, with its relay and its permission.</returns>
    public static RawClient Relay(Func<RawClient> open)
    {
        var client = open();
        using var peer = open();
        var (here, there) = (client.Allocate(), peer.Allocate());
        Assert.Equal((null, null), (here.Error, there.Error));
        Assert.Null(client.Permit(there.Relayed).Error);
        Assert.Null(peer.Permit(here.Relayed).Error);
        client.Send(there.Relayed, "over here"u8);
        Assert.Equal("over here"u8, peer.Receive());
        return client;
    }

    public static TurnCredential? Read(SipMessage message)
    {
        if (message.Get("Turn-Credential") is not { } value) return null;
        Assert.True(TypedValue.TryParse(value, out var typed), value);
        var parameters = typed.Parameters.Select(one => new NameValue(one.Name, one.Value ?? "", one.Quoted)).ToArray();
        Assert.True(TurnCredential.TryRead(typed.Type, parameters, out var credential), value);
        return credential;
    }

    public ValueTask DisposeAsync() => Sip.DisposeAsync();
}
