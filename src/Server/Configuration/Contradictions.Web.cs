using System.Net;
using Portunus.Nodes;
using Portunus.Nodes.Tokens;

namespace Portunus.Server.Configuration;

// WAF, WWSF, and whose tokens are taken.
sealed partial class Contradictions
{
    void OfWaf(WafSection waf)
    {
        if (waf.Issuer.Scheme == Uri.UriSchemeHttps && waf.Certificate is null)
            binder.Add("waf", "an https issuer needs \"certificate\": \"waf.pem\".");
        if (waf.Issuer.Scheme == Uri.UriSchemeHttp && !IPAddress.IsLoopback(waf.Listen.Address))
            binder.Add("waf.listen", "an http issuer is for this machine alone; listen on 127.0.0.1, or write an https issuer.");
        if (waf.MutualTls is not null && waf.Certificate is null)
            binder.Add("waf.mutualTls", "it needs \"certificate\": \"waf.pem\" beside it.");
        if (waf.TurnServers.Count > 0 && waf.MutualTls is null)
            binder.Add("waf.turnServers", "they fetch keys by mutual TLS; write \"mutualTls\": { ... } beside it.");
        OfCertificate(waf.Certificate, waf.CertificateKey, "waf");
        OfPlace(waf.Database, "waf");
        if (waf.TurnKeys.CountBy(key => key.Server).Any(pair => pair.Value > 1))
        {
            binder.Add("waf.turnKeys", "a TURN server has one key by hand; leave the others out.");
            return;
        }

        if (waf.Revocations is { } told) OfRevocations(waf, told);
        for (var i = 0; i < waf.Clients.Count; i++)
            if (waf.Clients[i].PoolImpi is null != (waf.Clients[i].PoolImpus.Count == 0))
                binder.Add($"waf.clients[{i}]", "a pool has both \"poolImpi\" and \"poolImpus\".");
        try
        {
            waf.ToSettings(file.Domain).Check();
        }
        catch (ArgumentException e)
        {
            binder.Add(e.Message.Contains("lient", StringComparison.Ordinal) ? "waf.clients" : "waf", Sentence(e));
        }
    }

    void OfRevocations(WafSection waf, WafRevocationsSection told)
    {
        var settings = told.ToSettings(file.TurnRealm);
        foreach (var mistake in settings.Mistakes()) binder.Add("waf.revocations.servers", mistake);
        OfIdentity(settings.Tls!, "waf.revocations");
        var rules = waf.ToSettings(file.Domain);
        for (var i = 0; i < told.Servers.Count; i++)
            if (!rules.MakesTokensFor(told.Servers[i].Name))
                binder.Add(
                    $"waf.revocations.servers[{i}].name",
                    $"no tokens are made for {told.Servers[i].Name}; name it in \"turnServers\" or \"turnKeys\", too.");
    }

    void OfWwsf(WwsfSection site)
    {
        if (site.Certificate is null && !IPAddress.IsLoopback(site.Listen.Address))
            binder.Add("wwsf.listen", "beyond loopback it needs TLS; write \"certificate\" beside it, or listen on 127.0.0.1.");
        OfCertificate(site.Certificate, site.CertificateKey, "wwsf");
        OfPlace(site.Database, "wwsf");
        if (site.Users.CountBy(user => user.Name).Any(pair => pair.Value > 1))
        {
            binder.Add("wwsf.users", "a user is given twice; leave one out.");
            return;
        }

        try
        {
            site.ToSettings().Check();
        }
        catch (ArgumentException e)
        {
            binder.Add("wwsf", Sentence(e));
        }
    }

    /// <summary>Keys, users and leases that go with the process would end every token and every sign-in at a restart.</summary>
    void OfPlace(Secret? database, string path)
    {
        if (file.Data is null && database is null)
            binder.Add(
                path,
                "what it keeps must outlive a restart; write \"data\": \"/var/lib/portunus\" into the file, or \"database\" here.");
    }

    void OfTokens(EpcscfSection edge)
    {
        if (edge.WebCredentials is not null && edge.Tokens is null)
            binder.Add("epcscf.webCredentials", "who asks by HTTP shows an access token; write \"tokens\": { ... } beside it.");
        if (edge.Tokens is not { } tokens) return;
        for (var i = 0; i < tokens.Wafs.Count; i++)
            if (tokens.Wafs[i] is { Introspection: not null, ClientSecret: null })
                binder.Add($"epcscf.tokens.wafs[{i}]", "introspection needs \"clientSecret\": \"@edge-secret\".");
        if (tokens.RecheckSeconds is not null && tokens.Wafs.All(waf => waf.Introspection is null))
            binder.Add("epcscf.tokens.recheckSeconds", "nobody can be asked again; write \"introspection\" for a WAF.");
        // One host has one certificate, and so one set of who may have signed it.
        var hosts = tokens.Wafs.GroupBy(waf => waf.KeysUri.IdnHost, StringComparer.OrdinalIgnoreCase);
        if (hosts.Any(host => host.Select(waf => waf.Authorities is null).Distinct().Count() > 1))
            binder.Add("epcscf.tokens.wafs", "two WAFs of one host have the same \"authorities\".");
        try
        {
            new TokenVerifier(tokens.ToRole(file.Domain).Issuers, file.Domain).Dispose();
        }
        catch (ArgumentException e)
        {
            // Two of one issuer are told by the edge's own check.
            if (tokens.Wafs.Select(waf => waf.Issuer).Distinct().Count() == tokens.Wafs.Count)
                binder.Add("epcscf.tokens.wafs", Sentence(e));
        }
    }

    void OfTokenKeys(TurnSection turn)
    {
        if (turn.TokenKeys is not { } keys) return;
        if (keys.Wafs.Count == 0) binder.Add("turn.tokenKeys.wafs", "it is empty; name a WAF, or leave \"tokenKeys\" out.");
        for (var i = 0; i < keys.Wafs.Count; i++)
            if (keys.Wafs[i].Limits is { } limits && turn.Limits.All(known => known.Name != limits))
                binder.Add($"turn.tokenKeys.wafs[{i}].limits", $"turn.limits has none of the name {limits}; write it there.");
        var role = keys.ToRole(turn.ServerName ?? file.TurnRealm);
        try
        {
            using var certificate = role.Load();
            if (!certificate.MatchesHostname(role.ServerName, allowWildcards: false, allowCommonName: false))
                binder.Add("turn.tokenKeys.certificate", $"it has no dNSName {role.ServerName}, under which a WAF would give keys.");
        }
        catch (RefusedException e)
        {
            binder.Add("turn.tokenKeys.certificate", e.Message);
        }
    }
}
