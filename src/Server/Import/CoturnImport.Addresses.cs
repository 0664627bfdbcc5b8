using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Portunus.Server.Import;

// Where clients are heard, and where relays are opened.
sealed partial class CoturnImport
{
    const int PlainPort = 3478;
    const int SecurePort = 5349;

    /// <summary>Each scheme, the option that turns it off, the one that turns it on, and the option of its port.</summary>
    static readonly (string Scheme, string Off, string? On, string Port, int Default)[] Transports =
    [
        ("udp", "no-udp", null, "listening-port", PlainPort), ("tcp", "no-tcp", null, "listening-port", PlainPort),
        ("tls", "no-tls", null, "tls-listening-port", SecurePort), ("dtls", "no-dtls", "dtls", "tls-listening-port", SecurePort),
    ];

    readonly List<string> _listeners = [];

    bool HasCertificate => All("cert").Any() && All("pkey").Any();

    void Listeners()
    {
        IReadOnlyList<IPAddress> ips = Addresses("listening-ip", "turn.listen");
        if (ips.Count == 0)
        {
            ips = own;
            report.Mind($"no listening-ip is named; turn.listen has the addresses of this machine: {string.Join(", ", own)}");
        }

        foreach (var (scheme, off, on, portOption, fallback) in Transports)
        {
            var port = Number(portOption) is > 0 and <= ushort.MaxValue and var given ? given : fallback;
            var isSecure = port == (Number("tls-listening-port") ?? SecurePort) && scheme is "tls" or "dtls";
            if (lines.LastOrDefault(line => line.Name == off) is { } no)
                report.Add(Verdict.Taken, no, no.IsTrue == false ? "turn.listen has it" : "turn.listen has none of it");
            if (IsOn(off) || (on is not null && !IsOn(on) && !lines.Any(line => line.Name == off && line.IsTrue == false))) continue;
            if (isSecure && !HasCertificate) continue;
            foreach (var ip in ips) Listen(scheme, new IPEndPoint(ip, port), scheme == "udp" || isSecure ? null : "plain TCP");
        }

        foreach (var line in lines.Where(line => line.Name == "dtls"))
            report.Add(line.IsTrue == false ? Verdict.Same : Verdict.Taken, line, "turn.listen");
        foreach (var name in new[] { "listening-port", "tls-listening-port" })
            if (Last(name) is { } line)
                report.Add(
                    Verdict.Taken, line, name == "listening-port" || HasCertificate ? "turn.listen" : "of no use without cert and pkey");
        foreach (var line in All("aux-server"))
            if (Server(line.Value, PlainPort) is { } at)
            {
                Listen("udp", at, null);
                report.Add(Verdict.Taken, line, "turn.listen");
            }
            else report.Add(Verdict.Left, line, "it is no address with a port");
        Balancers(ips);
        _turn["listen"] = Texts(_listeners);
        Discovery();
    }

    /// <summary>There whoever reaches this port may say who he is; here only addresses that are named.</summary>
    void Balancers(IReadOnlyList<IPAddress> ips)
    {
        if (Last("tcp-proxy-port") is not { } line) return;
        if (IsOn("no-tcp") || Number("tcp-proxy-port") is not (> 0 and <= ushort.MaxValue and var port))
        {
            report.Add(Verdict.Left, line, IsOn("no-tcp") ? "no-tcp leaves it without a listener" : "it is no port");
            return;
        }

        foreach (var ip in ips) Listen("tcp", new IPEndPoint(ip, port), null);
        report.Add(Verdict.Taken, line, "turn.listen");
        report.Mind("headers of the PROXY protocol are believed of turn.proxyProtocolFrom alone; write the balancers' addresses there");
    }

    void Listen(string scheme, IPEndPoint at, string? what)
    {
        var text = scheme == "udp" ? at.ToString() : $"{scheme}:{at}";
        try
        {
            TurnFlags.ReadListener(text);
            if (!_listeners.Contains(text)) _listeners.Add(text);
        }
        catch (FormatException)
        {
            report.Mind($"{text} is heard there, and not here: {what ?? scheme.ToUpperInvariant()} is not served by this version");
        }
    }

    /// <summary>There with two addresses of one family and the next port, unless another is named.</summary>
    void Discovery()
    {
        var plain = _listeners.Where(text => char.IsAsciiDigit(text[0]) || text[0] == '[').Select(IPEndPoint.Parse).ToArray();
        var second = plain.Skip(1).FirstOrDefault(at => at.AddressFamily == plain[0].AddressFamily && at.Port == plain[0].Port);
        foreach (var line in lines.Where(line => line.Name == "rfc5780"))
        {
            var isOn = line.IsTrue == true && second is not null;
            var port = Number("alt-listening-port") is > 0 and var named ? named : second?.Port + 1;
            if (isOn) _turn["discovery"] = new IPEndPoint(second!.Address, port!.Value).ToString();
            report.Add(isOn ? Verdict.Taken : line.IsTrue == true ? Verdict.Left : Verdict.Same, line, isOn ? "turn.discovery"
                : line.IsTrue == true ? "it needs two addresses of one family" : "behaviour discovery is off unless asked for");
        }

        foreach (var name in new[] { "alt-listening-port", "alt-tls-listening-port" })
            if (Last(name) is { } line)
                report.Add(
                    name == "alt-listening-port" && _turn.ContainsKey("discovery") ? Verdict.Taken : Verdict.Left, line,
                    "turn.discovery, where rfc5780 asks for it; of UDP alone");
    }

    void Relays()
    {
        IReadOnlyList<IPAddress> ips = Addresses("relay-ip", "turn.relayAddresses");
        if (ips.Count == 0)
        {
            ips = [.. _listeners.Where(text => char.IsAsciiDigit(text[0]) || text[0] == '[')
                .Select(text => IPEndPoint.Parse(text).Address).Distinct()];
            if (ips.Count == 0) ips = own;
            report.Mind($"no relay-ip is named; turn.relayAddresses has where clients are heard: {string.Join(", ", ips)}");
        }

        if (ips.GroupBy(ip => ip.AddressFamily).Any(family => family.Count() > 1))
            report.Mind("of several relay addresses of one family an allocation takes any, not the one at which its client is heard");
        var names = ips.ToDictionary(ip => ip.ToString(), ip => ip.ToString());
        foreach (var line in All("external-ip")) External(line, names);
        _turn["relayAddresses"] = Texts(names.Values);
        var (first, last) = (Last("min-port"), Last("max-port"));
        if (first is null && last is null) return;
        _turn["relayPorts"] = $"{Number("min-port") ?? 49152}-{Number("max-port") ?? 65535}";
        foreach (var line in new[] { first, last }) if (line is not null) report.Add(Verdict.Taken, line, "turn.relayPorts");
    }

    /// <summary><c>PUBLIC</c>, for a single address, or <c>PUBLIC/PRIVATE</c>.</summary>
    void External(CoturnLine line, Dictionary<string, string> names)
    {
        var parts = line.Value.Split('/');
        IPAddress.TryParse(parts[0], out var outer);
        var inner = parts.Length == 2
            ? names.Keys.FirstOrDefault(ip => IPAddress.TryParse(parts[1], out var named) && ip == named.ToString())
            : names.Keys.SingleOrDefault(ip => IPAddress.Parse(ip).AddressFamily == outer?.AddressFamily);
        if (outer is null || inner is null)
        {
            report.Add(Verdict.Left, line, "it names no relay address of its family; write INNER=OUTER into turn.relayAddresses");
            return;
        }

        try
        {
            _ = TurnFlags.ReadRelayAddress($"{inner}={outer}");
            names[inner] = $"{inner}={outer}";
            report.Add(Verdict.Taken, line, "turn.relayAddresses");
        }
        catch (FormatException)
        {
            report.Add(Verdict.Left, line, "an outer address of a NAT cannot be named by this version");
        }
    }

    List<IPAddress> Addresses(string name, string setting)
    {
        List<IPAddress> read = [];
        foreach (var line in All(name))
            if (IPAddress.TryParse(line.Value, out var ip))
            {
                read.Add(ip);
                report.Add(Verdict.Taken, line, setting);
            }
            else report.Add(Verdict.Left, line, "it is no address; write the one of this name");
        return [.. read.Distinct()];
    }

    int? Number(string name) =>
        lines.LastOrDefault(line => line.Name == name) is { } line
            && int.TryParse(line.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    /// <summary>Null for what is no address of a server.</summary>
    static IPEndPoint? Server(string text, int port) => IPAddress.TryParse(text.Trim('[', ']'), out var alone) ? new(alone, port)
        : IPEndPoint.TryParse(text, out var both) && both.Port != 0 ? both : null;
}
