using System.Net;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Portunus.Server.Configuration;

namespace Portunus.Server.Import;

/// <summary>
/// Makes a configuration of a <c>turnserver.conf</c>. Each line has its say in the report; what this version has no setting for is
/// left out and told, never guessed.
/// </summary>
/// <param name="lines">Of the file.</param>
/// <param name="report">Takes what came of each.</param>
/// <param name="secrets">Where secrets go.</param>
/// <param name="own">Addresses of this machine, for who wrote none.</param>
sealed partial class CoturnImport(
    IReadOnlyList<CoturnLine> lines, CoturnReport report, SecretPlaces secrets, IReadOnlyList<IPAddress> own)
{
    static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    static readonly HashSet<string> TurnSettings = [.. Setting.Of(typeof(TurnSection)).Select(setting => setting.Name)];

    readonly JsonObject _turn = [];

    /// <summary>The text of a portunus.json.</summary>
    /// <param name="realm">Where the file names none; null: the configuration is not complete.</param>
    public string Run(string? realm)
    {
        var root = new JsonObject();
        Names(root, realm);
        root["turn"] = _turn;
        Listeners();
        Relays();
        Credentials();
        Peers();
        Alternates();
        Certificates();
        Rest();
        Admin(root);
        Log(root);
        foreach (var line in lines) Judge(line);
        return root.ToJsonString(Layout) + "\n";
    }

    /// <summary>Those that no verb above looks at.</summary>
    void Judge(CoturnLine line)
    {
        if (Converted.Contains(line.Name)) return;
        if (CoturnOptions.TryJudge(line, out var verdict, out var sentence)) report.Add(verdict, line, sentence);
        else report.Add(Verdict.Left, line, "no option of coturn 4.6 to 4.17 has this name");
    }

    /// <summary>Every name that a verb of this class looks at.</summary>
    internal static readonly HashSet<string> Converted =
    [
        "realm", "server-name", "listening-ip", "listening-port", "tls-listening-port", "aux-server", "no-udp", "no-tcp",
        "no-tls", "no-dtls", "dtls", "alt-listening-port", "alt-tls-listening-port", "rfc5780", "tcp-proxy-port", "relay-ip",
        "external-ip", "min-port", "max-port", "relay-threads", "cpus", "use-auth-secret", "static-auth-secret", "user",
        "allowed-peer-ip", "denied-peer-ip", "alternate-server", "udp-alternate-server", "tcp-alternate-server",
        "tls-alternate-server", "cert", "pkey", "prometheus", "prometheus-port", "prometheus-address", "verbose", "Verbose",
        "log-min-level", "user-quota", "total-quota", "max-bps", "bps-capacity", "mobility", "no-tcp-relay",
        "max-allocate-lifetime",
    ];

    void Names(JsonObject root, string? fallback)
    {
        var line = Last("realm");
        var realm = line?.Value ?? fallback;
        if (line is not null) report.Add(Verdict.Taken, line, "realm");
        else if (realm is null) report.Mind("a realm is needed, and the file names none; write --realm NAME");
        if (realm is null) return;
        // The domain is that of subscribers in an IMS; for a TURN server alone it says nothing more than the realm.
        root["domain"] = Uri.CheckHostName(realm) == UriHostNameType.Dns ? realm.ToLowerInvariant() : "localhost";
        root["realm"] = realm;
        if (Last("server-name") is not { } name) return;
        _turn["serverName"] = name.Value;
        report.Add(Verdict.Taken, name, "turn.serverName");
    }

    IEnumerable<CoturnLine> All(string name) => lines.Where(line => line.Name == name && line.Value.Length > 0);

    /// <summary>Of an option that counts once, the last; those before it are told.</summary>
    CoturnLine? Last(string name)
    {
        var all = lines.Where(line => line.Name == name).ToArray();
        foreach (var line in all.SkipLast(1)) report.Add(Verdict.Left, line, $"line {all[^1].Number} says it again");
        return all.LastOrDefault();
    }

    bool IsOn(string name) => lines.LastOrDefault(line => line.Name == name)?.IsTrue == true;

    /// <summary>Whether this version has such a setting.</summary>
    static bool Has(string setting) => TurnSettings.Contains(setting);

    static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(text => (JsonNode)text)]);
}
