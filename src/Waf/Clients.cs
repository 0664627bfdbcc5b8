using System.Security.Cryptography;
using OpenIddict.Abstractions;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Waf;

/// <summary>Makes the clients of OpenIddict's data base those of the settings.</summary>
sealed class Clients(WafSettings settings, IOpenIddictApplicationManager applications)
{
    public async Task SynchronizeAsync(CancellationToken stop)
    {
        List<object> gone = [];
        await foreach (var kept in applications.ListAsync(cancellationToken: stop))
        {
            var id = await applications.GetClientIdAsync(kept, stop);
            if (settings.Clients.All(client => client.Id != id)) gone.Add(kept);
        }

        // With it go its authorizations and tokens.
        foreach (var application in gone) await applications.DeleteAsync(application, stop);
        foreach (var client in settings.Clients)
        {
            var descriptor = Describe(client);
            if (await applications.FindByClientIdAsync(client.Id, stop) is { } kept)
                await applications.UpdateAsync(kept, descriptor, stop);
            else await applications.CreateAsync(descriptor, stop);
        }
    }

    static OpenIddictApplicationDescriptor Describe(WafClient client)
    {
        OpenIddictApplicationDescriptor descriptor = new()
        {
            ClientId = client.Id,
            DisplayName = client.Name,
            // OpenIddict wants something that is secret of every confidential client; this nobody knows.
            ClientSecret = client.Secret
                ?? (client.CertificateName is null || client.Keys is not null
                    ? null
                    : Convert.ToHexString(RandomNumberGenerator.GetBytes(32))),
            JsonWebKeySet = client.Keys,
            ClientType = client.IsConfidential ? ClientTypes.Confidential : ClientTypes.Public,
            ConsentType = client.IsFirstParty ? ConsentTypes.Implicit : ConsentTypes.Explicit,
            ApplicationType = ApplicationTypes.Web,
        };
        foreach (var uri in client.RedirectUris) descriptor.RedirectUris.Add(uri);
        // OpenIddict looks for the name of a client's certificate among the hosts of its redirect URIs.
        if (client.CertificateName is { } name) descriptor.RedirectUris.Add(new($"https://{name}/"));
        descriptor.Permissions.UnionWith(Permit(client));
        descriptor.Permissions.UnionWith(client.Scopes.Select(scope => Permissions.Prefixes.Scope + scope));
        descriptor.Requirements.Add(Requirements.Features.ProofKeyForCodeExchange);
        return descriptor;
    }

    static IEnumerable<string> Permit(WafClient client)
    {
        yield return Permissions.Endpoints.Token;
        yield return Permissions.Endpoints.Revocation;
        if (client.RedirectUris.Count > 0)
        {
            yield return Permissions.Endpoints.Authorization;
            yield return Permissions.GrantTypes.AuthorizationCode;
            yield return Permissions.ResponseTypes.Code;
            yield return Permissions.GrantTypes.RefreshToken;
        }

        if (client.MayActAlone) yield return Permissions.GrantTypes.ClientCredentials;
        if (client.MayExchange) yield return Permissions.GrantTypes.TokenExchange;
        if (client.MayIntrospect) yield return Permissions.Endpoints.Introspection;
    }
}
