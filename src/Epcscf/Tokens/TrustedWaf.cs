namespace Portunus.Epcscf;

/// <summary>
/// An authorization function (WAF) whose tokens an edge takes, and the web servers (WWSF) that it may speak for.
/// </summary>
public sealed record TrustedWaf
{
    /// <summary>As <c>iss</c> has it, to the character.</summary>
    public required string Issuer { get; init; }

    /// <summary>Where a WIC gets a token: an https URI; the challenge names it (RFC 8898 §4). The issuer when null.</summary>
    public string? AuthorizationServer { get; init; }

    /// <summary>
    /// What a third party's WAF is called in the core: the parameter <c>authorization-entity</c> of the vouched REGISTER. Null
    /// for the operator's own.
    /// </summary>
    public string? Entity { get; init; }

    /// <summary>Who may be its <c>wwsf</c>; empty for a WAF whose tokens need not name one.</summary>
    public IReadOnlyList<TrustedWebServer> WebServers { get; init; } = [];

    internal string Server => AuthorizationServer ?? Issuer;

    internal void Validate()
    {
        if (Issuer.Length == 0) throw new ArgumentException("A WAF needs its issuer, as the claim iss has it.");
        if (!Uri.TryCreate(Server, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttps || Server.Contains('"'))
            throw new ArgumentException($"\"{Server}\" is no https URI; write where a WIC gets a token of {Issuer}.");
        if (WebServers.Select(one => one.Name).Distinct(StringComparer.Ordinal).Count() < WebServers.Count)
            throw new ArgumentException($"A WWSF of {Issuer} stands there twice.");
    }
}
