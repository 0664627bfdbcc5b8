using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Nodes.Web;
using Portunus.Turn;

namespace Portunus.Server.Configuration;

/// <summary>What is wrong with settings that are right one by one. A section with a mistake in it is not judged.</summary>
/// <param name="file">As it was read.</param>
/// <param name="binder">Knows the places, and takes the mistakes.</param>
sealed partial class Contradictions(PortunusFile file, Binder binder)
{
    // Of a token that is drawn, and not chosen: 16 characters of base64 are 96 bits.
    const int ShortestToken = 16;

    public void Find()
    {
        if (file is { Turn: null, Agw: null, Epcscf: null, Core: null, Waf: null, Wwsf: null })
            binder.Add("", "no role has a section; write \"turn\", \"agw\", \"epcscf\", \"core\", \"waf\" or \"wwsf\".");
        OfListeners();
        // Every role needs it.
        if (!binder.IsSound("domain") || !binder.IsSound("realm")) return;
        if (file.Turn is { } turn && binder.IsSound("turn")) OfTurn(turn);
        if (file.Agw is { } agw && binder.IsSound("agw")) OfAgw(agw);
        if (file.Epcscf is { } edge && binder.IsSound("epcscf")) OfEdge(edge);
        if (file.Core is { } core && binder.IsSound("core")) OfCore(core);
        if (file.Waf is { } waf && binder.IsSound("waf")) OfWaf(waf);
        if (file.Wwsf is { } site && binder.IsSound("wwsf")) OfWwsf(site);
        if (file.Admin is { } admin && binder.IsSound("admin")) OfAdmin(admin);
    }

    void OfTurn(TurnSection turn)
    {
        if (turn is { Secrets.Count: 0, Users.Count: 0, OauthKeys.Count: 0, Credentials: null, TokenKeys: null, Realms.Count: 0 })
            binder.Add(
                "turn", "nobody could use this server; give \"secrets\", \"users\", \"oauthKeys\", \"tokenKeys\" or \"credentials\".");
        OfCredentials(turn.Credentials);
        OfTokenKeys(turn);
        if (turn.Limits.CountBy(limits => limits.Name).FirstOrDefault(pair => pair.Value > 1) is { Value: > 1, Key: var name })
        {
            binder.Add("turn.limits", $"the name {name} is given twice.");
            return;
        }

        OfRelays(turn, "turn");
        if (!OfRealms(turn)) return;
        try
        {
            _ = new CredentialVerifier(turn.ToSources(file.TurnRealm));
        }
        catch (ArgumentException e)
        {
            binder.Add(turn.Secrets.Count > SharedSecret.MostTried ? "turn.secrets" : $"turn.{SettingOf(e.Message)}", e.Message);
        }
    }

    void OfCredentials(CredentialsSection? credentials)
    {
        if (credentials is null) return;
        if (credentials.Edges.CountBy(edge => edge.Name).Any(pair => pair.Value > 1))
        {
            binder.Add("turn.credentials.edges", "an edge is given twice; leave one out.");
            return;
        }

        if (credentials.Wafs.CountBy(waf => waf.Name).Any(pair => pair.Value > 1))
        {
            binder.Add("turn.credentials.wafs", "a WAF is given twice; leave one out.");
            return;
        }

        var settings = credentials.ToSettings(file.TurnRealm);
        foreach (var mistake in settings.Mistakes()) binder.Add("turn.credentials.edges", mistake);
        OfIdentity(settings.Tls, "turn.credentials");
        for (var i = 0; i < credentials.Ask.Count; i++)
            if (!credentials.Edges.Any(edge => edge.Name.Equals(credentials.Ask[i].IdnHost, StringComparison.OrdinalIgnoreCase)))
                binder.Add($"turn.credentials.ask[{i}]", $"{credentials.Ask[i].IdnHost} is none of the edges; name it there, too.");
        foreach (var mistake in credentials.ToFinder()?.Mistakes() ?? []) binder.Add("turn.credentials.ask", mistake);
    }

    void OfAgw(AgwSection agw)
    {
        OfRelays(agw, "agw");
        if (agw.Control.Edges.CountBy(edge => edge.Name).Any(pair => pair.Value > 1))
        {
            binder.Add("agw.control.edges", "an edge is given twice; leave one out.");
            return;
        }

        var settings = agw.Control.ToSettings(file.TurnRealm);
        foreach (var mistake in settings.Mistakes()) binder.Add("agw.control.edges", mistake);
        OfIdentity(settings.Tls, "agw.control");
    }

    void OfIdentity(TlsFiles files, string path)
    {
        try
        {
            TlsIdentity.Load(files).Dispose();
        }
        catch (RefusedException e)
        {
            var isAuthority = e.Message.Contains(files.Authorities, StringComparison.Ordinal);
            binder.Add(isAuthority ? $"{path}.authorities" : $"{path}.certificate", e.Message);
        }
    }

    /// <summary>The setting that the verifier complains of.</summary>
    static string SettingOf(string sentence) => sentence switch
    {
        _ when sentence.Contains("profile", StringComparison.Ordinal) => "limits",
        _ when sentence.Contains("kid", StringComparison.OrdinalIgnoreCase) => "oauthKeys",
        _ => "users",
    };

    void OfEdge(EpcscfSection edge)
    {
        OfWeb(edge.Web, "epcscf.web");
        if (edge.Core is null && file.Core is null)
            binder.Add("epcscf", "it has no core; write \"core\": { \"nextHop\": ... } here, or a section \"core\" of the file.");
        if (edge.Core is null && file.Core is { Listen: not null })
            binder.Add("epcscf", "the core of this process listens for others; write \"core\": { \"nextHop\": ... } here, too.");
        OfProvisioning(edge.Provisioning);
        OfTokens(edge);
        try
        {
            (edge.ToSettings(file.Domain, edge.Host) with { TokenKey = Bytes.Copy(new byte[32]) }).Validated();
        }
        catch (ArgumentException e)
        {
            binder.Add(
                e.Message.Contains("header", StringComparison.Ordinal) ? "epcscf.headers"
                : e.Message.Contains("WAF", StringComparison.Ordinal) || e.Message.Contains("WWSF", StringComparison.Ordinal)
                    ? "epcscf.tokens.wafs" : "epcscf",
                e.Message);
        }
    }

    void OfProvisioning(ProvisioningSection? way)
    {
        if (way is { Limits: not null, TellsOfEachCredential: false })
            binder.Add(
                "epcscf.provisioning.limits",
                "they are for push, pull and integrated; the limits of other credentials stand at the TURN server, in turn.limits.");
        if (way?.Profile is { } profile) OfProfile(way, profile);
        if (way is { Revocations: true, Approach: not (ProvisioningSection.SharedSecretWay or ProvisioningSection.Combined) })
        {
            binder.Add(
                "epcscf.provisioning.revocations",
                "it is for shared-secret and combined; leave it out: what Approach 2 gives ends anyway, and a SIP password never.");
            return;
        }

        if (way is null or { Approach: ProvisioningSection.Baseline }) return;
        if (way.Approach == ProvisioningSection.SharedSecretWay && way.Secret is null)
        {
            binder.Add("epcscf.provisioning", "a shared secret is needed; write \"secret\": \"@turn-secret\".");
            return;
        }

        for (var i = 0; i < way.TurnServers.Count; i++)
        {
            if (way.TurnServers[i].Uris.Count > 0) continue;
            binder.Add($"epcscf.provisioning.turnServers[{i}].uris", "it is empty; write [\"turn:turn.example.net:3478?transport=udp\"].");
            return;
        }

        if (!OfRedis(way) || (way.TellsServers && !OfTransfer(way))) return;
        try
        {
            way.ToProvisioning(file.TurnRealm);
        }
        catch (ArgumentException e)
        {
            binder.Add("epcscf.provisioning.turnServers", Sentence(e));
        }
    }

    void OfProfile(ProvisioningSection way, string profile)
    {
        if (way is { Approach: not (ProvisioningSection.SharedSecretWay or ProvisioningSection.Combined) } or { Secret: null })
            binder.Add(
                "epcscf.provisioning.profile",
                "it stands in names that a secret makes; leave it out: those of Approach 2 have \"limits\", and keys of tokens theirs.");
        else if (file.Turn is { Secrets.Count: > 0 } turn && turn.Limits.All(limits => limits.Name != profile))
            binder.Add(
                "epcscf.provisioning.profile",
                $"turn.limits has none of the name {profile}, and the TURN server refuses what it does not know; write it there.");
    }

    /// <summary>False when a mistake was found beside which others would only confuse.</summary>
    bool OfTransfer(ProvisioningSection way)
    {
        if (way.Transfer is null)
        {
            if (!way.NeedsTransfer) return true;
            binder.Add("epcscf.provisioning", "the edge needs a certificate; write \"transfer\": { ... }.");
            return false;
        }

        OfIdentity(way.Transfer.ToFiles(), "epcscf.provisioning.transfer");
        var isPull = way.Approach == ProvisioningSection.Pull;
        if (isPull && way.Transfer.Listen is null)
            binder.Add("epcscf.provisioning.transfer", "TURN servers must reach it; write \"listen\": \"10.0.0.5:8447\".");
        if (!isPull && way.Transfer.Listen is not null)
            binder.Add("epcscf.provisioning.transfer.listen", "nobody asks there; leave it out, or write \"approach\": \"pull\".");
        var (scheme, example) = way.Approach == ProvisioningSection.Integrated
            ? (TransferTarget.AgentScheme, "ngs://agw1.example.net:2224/")
            : ("https", "https://turn1.example.net:8446/");
        for (var i = 0; i < way.TurnServers.Count; i++)
        {
            if (way.TurnServers[i].Redis is not null || way.TurnServers[i].Credentials?.Scheme == scheme) continue;
            binder.Add($"epcscf.provisioning.turnServers[{i}]", $"it must be told; write \"credentials\": \"{example}\".");
            return false;
        }

        if (!isPull) return true;
        if (way.TurnServers.CountBy(server => server.Credentials!.IdnHost).Any(pair => pair.Value > 1))
        {
            binder.Add(
                "epcscf.provisioning.turnServers", "two have one host in \"credentials\"; a TURN server that asks is known by it.");
            return false;
        }

        foreach (var mistake in way.ToFetch(file.TurnRealm)?.Mistakes() ?? [])
            binder.Add("epcscf.provisioning.turnServers", mistake);
        return true;
    }

    /// <summary>Without the parameter's name, which is a programmer's.</summary>
    static string Sentence(ArgumentException e) =>
        e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message;

    void OfWeb(WebSection web, string path)
    {
        if (web.Https.Count + web.Http.Count == 0) binder.Add(path, "nothing is served; write \"https\": [\"192.0.2.1:443\"].");
        if (web.Https.Count > 0 && web.Certificate is null)
            binder.Add($"{path}.https", "TLS needs \"certificate\": \"certificate.pem\" beside it.");
        if (web.Http.Count > 0 && web.TrustedProxies.Count == 0)
            binder.Add($"{path}.http", "W2 is served in plain to proxies alone; name them in \"trustedProxies\", or write \"https\".");
        OfCertificate(web.Certificate, web.CertificateKey, path);
    }

    void OfCertificate(string? certificate, string? key, string path)
    {
        if (certificate is null)
        {
            if (key is not null) binder.Add($"{path}.certificateKey", "a key needs \"certificate\" beside it.");
            return;
        }

        try
        {
            using var files = new CertificateFiles(certificate, key);
        }
        catch (RefusedException e)
        {
            binder.Add($"{path}.certificate", e.Message);
        }
    }

    void OfCore(CoreSection core)
    {
        if (core.Listen is null && file.Epcscf is null)
            binder.Add("core", "nobody could reach it; write \"listen\": \"192.0.2.2:5060\".");
        if (core.Listen is not null && core.Neighbours.Count == 0)
            binder.Add("core.listen", "nobody is believed there; name the edges in \"neighbours\".");
        if (core.Listen is { } any && (any.Address.Equals(IPAddress.Any) || any.Address.Equals(IPAddress.IPv6Any)) && core.Host is null)
            binder.Add("core.listen", "this stands for every address; write \"host\", too, for what edges are told.");
        foreach (var twice in core.Subscribers.CountBy(subscriber => subscriber.Name).Where(pair => pair.Value > 1))
            binder.Add("core.subscribers", $"the name {twice.Key} is given twice.");
        for (var i = 0; i < core.Subscribers.Count; i++)
            if (core.Subscribers[i].Algorithms.Count == 0)
                binder.Add($"core.subscribers[{i}].algorithms", "it is empty; write [\"md5\"].");
    }

    void OfAdmin(AdminSection admin)
    {
        if (!IPAddress.IsLoopback(admin.Listen.Address) && admin.Certificate is null)
            binder.Add("admin.listen", "beyond loopback it needs TLS; write \"certificate\" beside it, or listen on 127.0.0.1.");
        if (admin.TokenFile is { Value.Length: < ShortestToken })
            binder.Add("admin.tokenFile", $"the token could be guessed; draw one of at least {ShortestToken} characters.");
        OfCertificate(admin.Certificate, admin.CertificateKey, "admin");
    }

    /// <summary>One address serves one thing, of TCP and of UDP.</summary>
    void OfListeners()
    {
        var all = new List<(string Path, IPEndPoint EndPoint)>();
        if (file.Epcscf is { } edge)
        {
            all.AddRange((edge.Web?.Https ?? []).Select((endPoint, i) => ($"epcscf.web.https[{i}]", endPoint)));
            all.AddRange((edge.Web?.Http ?? []).Select((endPoint, i) => ($"epcscf.web.http[{i}]", endPoint)));
            if (edge.Provisioning?.Transfer?.Listen is { } asked) all.Add(("epcscf.provisioning.transfer.listen", asked));
            if (edge.Core?.Listen is { } mw) all.Add(("epcscf.core.listen", mw));
        }

        if (file.Core?.Listen is { } core) all.Add(("core.listen", core));
        if (file.Turn?.Credentials?.Listen is { } credentials) all.Add(("turn.credentials.listen", credentials));
        if (file.Agw?.Control?.Listen is { } control) all.Add(("agw.control.listen", control));
        if (file.Waf?.Listen is { } waf) all.Add(("waf.listen", waf));
        if (file.Waf?.MutualTls?.Listen is { } mutual) all.Add(("waf.mutualTls.listen", mutual));
        if (file.Wwsf?.Listen is { } wwsf) all.Add(("wwsf.listen", wwsf));
        if (file.Admin?.Listen is { } admin) all.Add(("admin.listen", admin));
        all.AddRange(ClientListeners(isStream: true));
        OfClashes(all);
        OfClashes(UdpListeners());
    }
}
