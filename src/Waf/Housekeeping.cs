using Microsoft.Extensions.DependencyInjection;
using OpenIddict.Abstractions;

namespace Portunus.Waf;

/// <summary>
/// Takes what has ended out of OpenIddict's tables, once an hour, in the request that comes then; no timer, as for the keys.
/// </summary>
sealed class Housekeeping(WafSettings settings, IServiceScopeFactory scopes, TimeProvider time)
{
    static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    // The first one an hour after the start: a node that starts again and again does not begin each time with work.
    long _next = (time.GetUtcNow() + Hour).ToUnixTimeSeconds();

    public async ValueTask RunWhenDueAsync(CancellationToken stop)
    {
        var now = time.GetUtcNow();
        var due = Interlocked.Read(ref _next);
        if (now.ToUnixTimeSeconds() < due) return;
        if (Interlocked.CompareExchange(ref _next, (now + Hour).ToUnixTimeSeconds(), due) != due) return;
        await using var scope = scopes.CreateAsyncScope();
        // A refresh token that was used is kept for as long as it would count: shown again, it must be known.
        var before = now - settings.RefreshTokenLifetime - Hour;
        await scope.ServiceProvider.GetRequiredService<IOpenIddictTokenManager>().PruneAsync(before, stop);
        await scope.ServiceProvider.GetRequiredService<IOpenIddictAuthorizationManager>().PruneAsync(before, stop);
    }
}
