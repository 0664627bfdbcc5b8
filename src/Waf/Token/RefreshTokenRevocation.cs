using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Portunus.Waf.Token;

/// <summary>
/// With a refresh token all tokens of the same sign-in are revoked (RFC 7009 §2.1): who gives it back signs out, and the access
/// tokens that it made end, too. OpenIddict itself revokes the one that was shown.
/// </summary>
sealed class RefreshTokenRevocation(IOpenIddictTokenManager tokens) : IOpenIddictServerHandler<HandleRevocationRequestContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<HandleRevocationRequestContext>()
            .UseScopedHandler<RefreshTokenRevocation>()
            .SetOrder(OpenIddictServerHandlers.Revocation.RevokeToken.Descriptor.Order + 1)
            .Build();

    public async ValueTask HandleAsync(HandleRevocationRequestContext context)
    {
        if (context.IsRejected || !context.GenericTokenPrincipal.HasTokenType(TokenTypeIdentifiers.RefreshToken)) return;
        if (context.GenericTokenPrincipal.GetAuthorizationId() is { Length: > 0 } authorization)
            await tokens.RevokeByAuthorizationIdAsync(authorization, context.CancellationToken);
    }
}
