using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Portunus.Waf.Token;

/// <summary>
/// Writes into access tokens <c>nbf</c>, the moment at which they were made, and as <c>jti</c> the id under which the data base
/// knows them: what is revoked is found by what an edge reads.
/// </summary>
sealed class AccessTokenForm : IOpenIddictServerHandler<GenerateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor.CreateBuilder<GenerateTokenContext>()
            .UseSingletonHandler<AccessTokenForm>()
            .SetOrder(OpenIddictServerHandlers.Protection.GenerateIdentityModelToken.Descriptor.Order - 1)
            .Build();

    public ValueTask HandleAsync(GenerateTokenContext context)
    {
        if (context.TokenType != OpenIddictConstants.TokenTypeIdentifiers.AccessToken) return default;
        var descriptor = context.SecurityTokenDescriptor;
        descriptor.NotBefore = descriptor.IssuedAt;
        if (context.Principal.GetTokenId() is { } id) descriptor.Claims["jti"] = id;
        return default;
    }
}
