using System.Net;
using System.Text.Json.Nodes;

namespace Portunus.Server.Import;

sealed partial class CoturnImport
{
    const int PrometheusPort = 9641;

    void Alternates()
    {
        var taken = new JsonArray();
        foreach (var line in lines.Where(line => line.Name.EndsWith("alternate-server", StringComparison.Ordinal)))
        {
            if (!Converted.Contains(line.Name)) continue;
            var isSecure = line.Name == "tls-alternate-server";
            if (Server(line.Value, isSecure ? SecurePort : PlainPort) is not { } at)
            {
                report.Add(Verdict.Left, line, "it is no address of a server");
                continue;
            }

            var alternate = new JsonObject { ["address"] = at.ToString() };
            if (isSecure) alternate["tls"] = true;
            taken.Add(alternate);
            report.Add(Verdict.Taken, line, "turn.alternates");
        }

        if (taken.Count == 0) return;
        _turn["alternates"] = taken;
        _turn["redirect"] = "always";
        report.Mind("as there, every client is sent to turn.alternates; write \"redirect\": \"drain\" for while this server drains alone");
    }

    void Certificates()
    {
        foreach (var (name, setting) in new[] { ("cert", "certificate"), ("pkey", "certificateKey") })
        {
            if (Last(name) is not { } line) continue;
            if (Has(setting)) _turn[setting] = line.Value;
            Told(line, setting, "TLS is not served by this version");
        }
    }

    void Rest()
    {
        foreach (var name in new[] { "relay-threads", "cpus" })
        {
            if (Last(name) is not { } line) continue;
            var isFirst = Number(name) is not null && !_turn.ContainsKey("workers");
            if (isFirst) _turn["workers"] = Math.Clamp(Number(name)!.Value, 1, 255);
            report.Add(isFirst ? Verdict.Taken : Verdict.Left, line, isFirst ? "turn.workers" : "write a number into turn.workers");
        }

        Quotas();
        foreach (var line in lines.Where(line => line.Name == "mobility"))
            if (line.IsTrue == false) report.Add(Verdict.Same, line, "mobility is off unless asked for");
            else Set(line, "mobility", true, "this version has no mobility");
        foreach (var line in lines.Where(line => line.Name == "no-tcp-relay"))
            report.Add(Verdict.Same, line, "TCP relays are off unless asked for");
        // What nobody asked for, and hardly a browser uses, is not opened: whoever needs it writes one word.
        if (!IsOn("no-tcp-relay"))
            report.Mind("relays of TCP (RFC 6062) are on there; here they are off unless asked for, by \"tcpRelay\": true");
        foreach (var line in lines.Where(line => line.Name == "max-allocate-lifetime"))
            report.Add(
                line.Value == "3600" ? Verdict.Same : Verdict.Left, line, "an allocation lives for an hour at most until it is refreshed");
    }

    /// <summary>0 is no limit there. Bytes of a second are kilobits here, and of a user, not of a session.</summary>
    void Quotas()
    {
        Quota("user-quota", ["userQuota", "staticUserQuota"], count => count,
            "50 allocations of one registration, 1000 of one static user");
        Quota("total-quota", ["totalQuota"], count => count, "as many allocations as there are ports");
        Quota("max-bps", ["maxKbps"], bytes => Math.Max(1, (int)(bytes * 8L / 1000)),
            "no limit either, unless turn.quotas.maxKbps says so");
        Quota("bps-capacity", [], bytes => bytes, "there is no limit of bandwidth for all together");
    }

    void Quota(string name, string[] settings, Func<int, int> convert, string otherwise)
    {
        if (Last(name) is not { } line) return;
        if (Number(name) is null or 0) report.Add(Verdict.Same, line, $"no limit there; here: {otherwise}");
        else if (settings.Length == 0 || !Has("quotas")) report.Add(Verdict.Left, line, otherwise);
        else
        {
            var quotas = _turn["quotas"] as JsonObject ?? [];
            foreach (var setting in settings) quotas[setting] = convert(Number(name)!.Value);
            _turn["quotas"] = quotas;
            report.Add(Verdict.Taken, line, $"turn.quotas.{settings[0]}");
        }
    }

    void Set(CoturnLine line, string setting, JsonNode value, string otherwise)
    {
        if (Has(setting)) _turn[setting] = value;
        Told(line, setting, otherwise);
    }

    void Told(CoturnLine line, string setting, string otherwise) =>
        report.Add(Has(setting) ? Verdict.Taken : Verdict.Left, line, Has(setting) ? $"turn.{setting}" : otherwise);

    void Admin(JsonObject root)
    {
        var (on, port, address) = (Last("prometheus"), Last("prometheus-port"), Last("prometheus-address"));
        if (on?.IsTrue != true)
        {
            foreach (var line in new[] { on, port, address }) if (line is not null) report.Add(Verdict.Left, line, "prometheus is off");
            return;
        }

        root["admin"] = new JsonObject { ["listen"] = $"127.0.0.1:{Number("prometheus-port") ?? PrometheusPort}" };
        report.Add(Verdict.Taken, on, "admin.listen; coturn's names of counters are there beside our own");
        if (port is not null) report.Add(Verdict.Taken, port, "admin.listen");
        var isLocal = address is null || (IPAddress.TryParse(address.Value, out var ip) && IPAddress.IsLoopback(ip));
        if (address is not null && isLocal) report.Add(Verdict.Same, address, "admin.listen is on loopback");
        if (!isLocal || address is null)
        {
            const string Sentence = "metrics are on loopback; beyond it write admin.certificate and admin.tokenFile";
            if (address is not null) report.Add(Verdict.Unsafe, address, Sentence);
            else report.Mind(Sentence);
        }
    }

    void Log(JsonObject root)
    {
        foreach (var line in lines.Where(line => line.Name is "verbose" or "Verbose"))
        {
            if (line is { Name: "Verbose", IsTrue: true }) root["logLevel"] = "debug";
            if (line.Name == "Verbose") report.Add(Verdict.Taken, line, "logLevel");
            else report.Add(Verdict.Same, line, "logLevel is information");
        }

        if (Last("log-min-level") is not { } least) return;
        var level = least.Value.ToLowerInvariant() switch
        {
            "debug" => "debug",
            "info" or "information" => "information",
            "warning" or "warn" => "warning",
            "error" => "error",
            _ => null,
        };
        if (level is not null) root["logLevel"] = level;
        report.Add(level is null ? Verdict.Left : Verdict.Taken, least, level is null ? "it is no level" : "logLevel");
    }
}
