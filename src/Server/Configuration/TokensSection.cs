using System.Security.Cryptography.X509Certificates;
using Portunus.Epcscf;
using Portunus.Nodes.Serve;

namespace Portunus.Server.Configuration;

/// <summary>Whose access tokens an edge takes.</summary>
[Says("Access tokens that register (scenarios 2 and 3): whose are taken, and how they are looked at.")]
sealed record TokensSection
{
    [Says("Whose tokens are taken; the first is the one that a challenge names.")]
    public required IReadOnlyList<TrustedWafSection> Wafs { get; init; }

    [Says("The scope that a token must have.")]
    public string Scope { get; init; } = "ims.register";

    [Says("How long a WAF may take for an answer."), Between(1, 30)]
    public int PatienceSeconds { get; init; } = 5;

    [Says("How often the token of a live registration is introspected again; never when left out."), Between(1, 3600)]
    public int? RecheckSeconds { get; init; }

    public TokenSettings ToSettings() => new()
    {
        Wafs = [.. Wafs.Select(waf => waf.ToWaf())],
        Scope = Scope,
        Patience = TimeSpan.FromSeconds(PatienceSeconds),
        Recheck = RecheckSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
    };

    public TokenRole ToRole(string domain)
    {
        var authorities = new Dictionary<string, IReadOnlyList<X509Certificate2>>(StringComparer.OrdinalIgnoreCase);
        foreach (var waf in Wafs)
            foreach (var uri in new[] { waf.KeysUri, waf.Introspection })
                if (waf.Authorities is { } some && uri is not null) authorities[uri.IdnHost] = some.Certificates;
        return new() { Issuers = [.. Wafs.Select(waf => waf.ToIssuer(domain))], Audience = domain, Authorities = authorities };
    }
}
