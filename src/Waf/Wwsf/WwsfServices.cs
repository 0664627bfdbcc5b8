using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Portunus.Store.Access;
using Portunus.Waf.Authorize;
using Portunus.Waf.Keys;

namespace Portunus.Waf.Wwsf;

/// <summary>Puts the pool of a WWSF together in a web application of its own; a node adds listeners, logs and a clock.</summary>
public static class WwsfServices
{
    /// <param name="services">Have a <see cref="TimeProvider"/> and logs.</param>
    /// <param name="settings">Checked here.</param>
    /// <param name="store">Of the leases; stays with the caller. Nodes that share it share the pool.</param>
    /// <param name="http">How the WAF is reached; stays with the caller.</param>
    /// <exception cref="ArgumentException">A setting cannot be; the message says what to write instead.</exception>
    public static IServiceCollection AddWwsf(
        this IServiceCollection services, WwsfSettings settings, AccessStore store, HttpClient http)
    {
        settings.Check();
        services.AddSingleton(settings).AddSingleton(store);
        services.AddSingleton(new WafClientCalls(settings, http));
        // Rounds are for hashing, which a WWSF does not do; checking takes what the hash says.
        services.AddSingleton(new PasswordChecks(new Passwords(WafSettings.DefaultPasswordRounds)));
        services.AddSingleton(provider => new LoginThrottle(settings.FreeFailures, provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<GuestLimit>().AddSingleton<LeaseEndpoint>().AddSingleton<SiteLoginEndpoint>();
        services.AddRouting();
        services.AddDataProtection().SetApplicationName("Portunus WWSF");
        services.Configure<KeyManagementOptions>(options => options.XmlRepository = new XmlKeys(store));
        services.AddAuthentication().AddCookie(LeaseEndpoint.Session, options =>
        {
            options.Cookie.Name = "portunus-site";
            options.Cookie.HttpOnly = true;
            options.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.ExpireTimeSpan = TimeSpan.FromHours(12);
        });
        return services;
    }

    /// <summary>Writes the pool; before the application starts.</summary>
    /// <exception cref="Store.StoreException">The data base cannot be used.</exception>
    public static Task PrepareWwsfAsync(this WebApplication application, CancellationToken stop = default)
    {
        var settings = application.Services.GetRequiredService<WwsfSettings>();
        return application.Services.GetRequiredService<AccessStore>().SavePoolAsync(settings.ClientId, settings.Impus, stop);
    }

    public static void MapWwsf(this WebApplication application)
    {
        application.Use(GuardAsync);
        application.UseRouting();
        application.MapPost(
            LeaseEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<LeaseEndpoint>().TakeAsync(context));
        application.MapDelete(
            LeaseEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<LeaseEndpoint>().EndAsync(context));
        application.MapPost(
            SiteLoginEndpoint.Path,
            (HttpContext context) => context.RequestServices.GetRequiredService<SiteLoginEndpoint>().ServeAsync(context));
        application.MapGet(WafEndpoints.Health, HealthEndpoint.ServeAsync);
    }

    static Task GuardAsync(HttpContext context, RequestDelegate next)
    {
        SecurityHeaders.Set(context);
        // A page of another site that posts to us; SameSite keeps the cookie from it already, but not a guest's first request.
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0 || origin == $"{context.Request.Scheme}://{context.Request.Host.ToUriComponent()}")
            return AccessFailure.GuardAsync(context, async context =>
            {
                if (!await UnwritableText.RefuseAsync(context)) await next(context);
            });
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }
}
