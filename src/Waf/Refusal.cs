using Microsoft.AspNetCore.Authentication;
using OpenIddict.Server.AspNetCore;

namespace Portunus.Waf;

/// <summary>An error of RFC 6749 as OpenIddict takes it.</summary>
static class Refusal
{
    public static AuthenticationProperties Properties(string error, string reason) => new(new Dictionary<string, string?>
    {
        [OpenIddictServerAspNetCoreConstants.Properties.Error] = error,
        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = reason,
    });
}
