using System.Security.Cryptography;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Portunus.Tests.Io.Tokens;

/// <summary>A WAF as far as a verifier sees one: a key set, and an introspection, on a port of its own.</summary>
sealed class WafStub : IAsyncDisposable
{
    readonly WebApplication _application;
    readonly Dictionary<string, ECDsaSecurityKey> _keys = [];

    WafStub(WebApplication application) => _application = application;

    public const string Issuer = "https://waf.ims.example.net";
    public const string Audience = "ims.example.net";

    public Uri Keys => new($"{_application.Urls.First()}/keys");

    public Uri Introspection => new($"{_application.Urls.First()}/introspect");

    /// <summary>Of the key set.</summary>
    public int Fetches { get; private set; }

    /// <summary>False: each request is answered 500.</summary>
    public bool IsWell { get; set; } = true;

    /// <summary>Holds the key set back until it is opened; null: it is not held.</summary>
    public TaskCompletionSource? Gate { get; set; }

    /// <summary>What introspection says; the form and the Authorization that it got.</summary>
    public string Said { get; set; } = """{"active":false}""";

    public (string? Authorization, string? Token) Asked { get; private set; }

    /// <summary>Dates its tokens.</summary>
    public TimeProvider Clock { get; set; } = TimeProvider.System;

    public static async Task<WafStub> StartAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var stub = new WafStub(application);
        stub.AddKey("one");
        application.Run(stub.ServeAsync);
        await application.StartAsync();
        return stub;
    }

    public void AddKey(string kid) => _keys[kid] = new(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = kid };

    public void RemoveKey(string kid) => _keys.Remove(kid);

    /// <summary>A token with every claim as it should be, and the changes of the test.</summary>
    public string Token(
        string kid = "one", string type = "at+jwt", Action<Dictionary<string, object>>? change = null, SecurityKey? key = null,
        string algorithm = SecurityAlgorithms.EcdsaSha256)
    {
        var now = Clock.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object>
        {
            ["iss"] = Issuer, ["aud"] = Audience, ["sub"] = "alice@ims.example.net", ["ims_impu"] = new[] { "sip:alice@ims.example.net" },
            ["scenario"] = 2, ["wwsf"] = "shop.example", ["scope"] = "ims.register turn", ["jti"] = "1", ["iat"] = now, ["nbf"] = now,
            ["exp"] = now + 600,
        };
        change?.Invoke(claims);
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Claims = claims,
            TokenType = type,
            SigningCredentials = new(key ?? _keys[kid], algorithm),
        });
    }

    public async ValueTask DisposeAsync() => await _application.DisposeAsync();

    async Task ServeAsync(HttpContext context)
    {
        if (!IsWell)
        {
            context.Response.StatusCode = 500;
            return;
        }

        if (context.Request.Path == "/introspect")
        {
            var form = await context.Request.ReadFormAsync();
            Asked = (context.Request.Headers.Authorization, form["token"]);
            await context.Response.WriteAsync(Said);
            return;
        }

        Fetches++;
        if (Gate is { } gate) await gate.Task;
        var keys = _keys.Values.Select(key =>
        {
            var jwk = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(key);
            return $$"""{"kty":"EC","crv":"{{jwk.Crv}}","x":"{{jwk.X}}","y":"{{jwk.Y}}","kid":"{{key.KeyId}}","use":"sig","alg":"ES256"}""";
        });
        await context.Response.WriteAsync($$"""{"keys":[{{string.Join(',', keys)}}]}""");
    }
}
