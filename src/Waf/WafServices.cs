using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenIddict.Server;
using OpenIddict.Validation;
using OpenIddict.Validation.AspNetCore;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;
using Portunus.Waf.Keys;
using Portunus.Waf.Token;
using Portunus.Waf.Turn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Waf;

/// <summary>Puts a WAF together in the services of a web application; a node adds listeners, logs and a clock.</summary>
public static class WafServices
{
    /// <param name="services">Have a <see cref="TimeProvider"/> and logs.</param>
    /// <param name="settings">Checked here.</param>
    /// <param name="store">Stays with the caller.</param>
    /// <exception cref="ArgumentException">A setting cannot be; the message says what to write instead.</exception>
    public static IServiceCollection AddWaf(this IServiceCollection services, WafSettings settings, AccessStore store)
    {
        settings.Check();
        services.AddSingleton(settings).AddSingleton(store);
        services.AddSingleton<SigningKeys>();
        services.AddSingleton<IConfigureOptions<OpenIddictServerOptions>>(provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictServerOptions>>(
            provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton<IOptionsChangeTokenSource<OpenIddictValidationOptions>>(
            provider => provider.GetRequiredService<SigningKeys>());
        services.AddSingleton(settings.PasswordChecks ?? new PasswordChecks(new Passwords(settings.PasswordRounds)));
        services.AddSingleton(provider => new LoginThrottle(settings.FreeFailures, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<SipTokens>();
        services.AddSingleton<CrossOrigin>().AddSingleton<Housekeeping>();
        services.AddSingleton<TurnKeys>().AddSingleton<TurnGrants>();
        services.AddSingleton<TurnTokenEndpoint>().AddSingleton<StunKeyEndpoint>();
        services.AddScoped<Clients>().AddScoped<AuthorizeEndpoint>().AddScoped<TokenEndpoint>();
        services.AddRouting();
        AddCookies(services, settings, store);
        AddOpenIddict(services, settings, store);
        return services;
    }

    static void AddCookies(IServiceCollection services, WafSettings settings, AccessStore store)
    {
        // Over https only, but where the issuer is plain http on loopback; __Host- binds a cookie to this very host.
        var isSecure = settings.Issuer.Scheme == Uri.UriSchemeHttps;
        var policy = isSecure ? CookieSecurePolicy.Always : CookieSecurePolicy.None;
        var prefix = isSecure ? "__Host-" : "";
        services.AddDataProtection().SetApplicationName("Portunus WAF");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new XmlKeys(store));
        services.AddAuthentication().AddCookie(options =>
        {
            options.Cookie.Name = prefix + "portunus-session";
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = policy;
            // Lax: the browser comes from the client's site, by a link.
            options.Cookie.SameSite = SameSiteMode.Lax;
            options.ExpireTimeSpan = settings.SessionLifetime;
            options.SlidingExpiration = false;
        });
        services.AddAntiforgery(options =>
        {
            options.Cookie.Name = prefix + "portunus-form";
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = policy;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.FormFieldName = "form_token";
        });
    }

    static void AddOpenIddict(IServiceCollection services, WafSettings settings, AccessStore store)
    {
        services.AddDbContext<AccessContext>(store.Configure);
        services.AddOpenIddict()
            .AddCore(core => core.UseEntityFrameworkCore().UseDbContext<AccessContext>())
            .AddServer(server => ConfigureServer(server, settings))
            .AddValidation(validation =>
            {
                validation.UseLocalServer();
                validation.UseAspNetCore();
                // A revoked token is refused here at once; an edge that verifies by signature learns of it by introspection.
                validation.EnableTokenEntryValidation();
                validation.EnableAuthorizationEntryValidation();
                validation.AddAudiences(settings.Audience);
            });
    }

    static void ConfigureServer(OpenIddictServerBuilder server, WafSettings settings)
    {
        server.SetIssuer(settings.Issuer)
            .SetConfigurationEndpointUris(WafEndpoints.OpenIdMetadata, WafEndpoints.Metadata)
            .SetJsonWebKeySetEndpointUris(WafEndpoints.Jwks)
            .SetAuthorizationEndpointUris(AuthorizeEndpoint.Path)
            .SetTokenEndpointUris(TokenEndpoint.Path)
            .SetIntrospectionEndpointUris(WafEndpoints.Introspection)
            .SetRevocationEndpointUris(WafEndpoints.Revocation);
        server.AllowAuthorizationCodeFlow().RequireProofKeyForCodeExchange();
        server.AllowClientCredentialsFlow().AllowRefreshTokenFlow().AllowTokenExchangeFlow();
        server.Configure(options =>
        {
            options.CodeChallengeMethods.Remove(CodeChallengeMethods.Plain);
            options.SubjectTokenTypes.IntersectWith([TokenTypeIdentifiers.AccessToken]);
            options.ActorTokenTypes.Clear();
            options.RequestedTokenTypes.IntersectWith([TokenTypeIdentifiers.AccessToken]);
            // By query alone: a code has no place in a fragment, which scripts read, and the page of a form post needs a script
            // of its own, which nothing here may run.
            options.ResponseModes.IntersectWith([ResponseModes.Query]);
        });
        server.RegisterScopes(Scopes.Register, Scopes.Turn, Scopes.Offline);
        server.SetAccessTokenLifetime(settings.AccessTokenLifetime)
            .SetIssuedTokenLifetime(settings.AccessTokenLifetime)
            .SetAuthorizationCodeLifetime(TimeSpan.FromMinutes(1))
            .SetRefreshTokenLifetime(settings.RefreshTokenLifetime)
            .SetRefreshTokenReuseLeeway(TimeSpan.Zero);
        // The edge reads what it verifies, and W2 is one hop over TLS from the WIC (RFC 8898 §2.1.2 asks for no more).
        server.DisableAccessTokenEncryption();
        if (settings.ClientAuthorities.Count > 0)
        {
            server.EnablePublicKeyInfrastructureTlsClientAuthentication(
                [.. settings.ClientAuthorities],
                policy => policy.RevocationMode = System.Security.Cryptography.X509Certificates.X509RevocationMode.NoCheck);
        }

        server.AddEventHandler(AccessTokenForm.Descriptor);
        server.AddEventHandler(RefreshTokenRevocation.Descriptor);
        var host = server.UseAspNetCore().EnableAuthorizationEndpointPassthrough().EnableTokenEndpointPassthrough();
        if (settings.Issuer.Scheme == Uri.UriSchemeHttp) host.DisableTransportSecurityRequirement();
    }
}
