using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Server;

/// <summary>The flags of <c>portunus turn</c> by which it is operated: where clients go meanwhile, how it ends, what it writes
/// down.</summary>
static class OperateFlags
{
    const int LongestDrain = 86400;

    static readonly Dictionary<string, Redirection> Moments = new(StringComparer.Ordinal)
    {
        ["drain"] = Redirection.Draining, ["full"] = Redirection.Full, ["always"] = Redirection.Always,
    };

    static readonly Option<ImmutableArray<Alternate>> Alternates = Flag.Many(
        "--alternate", "[tls:]IP:PORT[,IP:PORT][=DOMAIN]",
        "Another server to which clients go while this one drains (RFC 8489 §10): for clients of UDP and TCP, or tls: for those of TLS " +
        "and DTLS, with the name of its certificate. A second address is of the other family. May be repeated; taken in turn.",
        ReadAlternate);

    static readonly Option<TransportAddress?> Discovery = Flag.One<TransportAddress?>(
        "--discovery", "IP:PORT",
        "A second address and port for NAT behaviour discovery (RFC 5780), with the first --listen: clients are heard at both addresses " +
        "with both ports.", ReadSecond, () => null);

    static readonly Option<string> Redirect = Flag.One(
        "--redirect", "drain|full|always",
        "When clients are sent to --alternate: while this server drains, also when it is full, or always, to balance.",
        text => Moments.ContainsKey(text)
            ? text : throw new FormatException($"'{text}' is no time to redirect; write drain, full or always."),
        () => "drain");

    static readonly Option<int> Drain = Flag.One(
        "--drain", "SECONDS", "How long SIGTERM lets allocations live on while new ones are turned away; 0 ends them at once.",
        ReadSeconds, () => 0);

    static readonly Option<string?> Audit = Flag.One<string?>(
        "--audit", "FILE",
        "Where the beginning and end of each allocation are written, a line of JSON each; begun anew upon SIGHUP when it was renamed.",
        Flag.Text, () => null);

    static readonly Option<string> Level = Flag.One(
        "--log-level", string.Join('|', Logs.Words), "What is logged at least.",
        text => Logs.Words.Contains(text)
            ? text : throw new FormatException($"'{text}' is not a level; write one of {string.Join(", ", Logs.Words)}."),
        () => "information");

    public static IEnumerable<Option> All => [Alternates, Redirect, Discovery, Drain, Audit, Level];

    public static LogLevel LevelOf(ParseResult line) => Logs.Read(line.GetValue(Level)!);

    /// <summary>The settings with what the flags say.</summary>
    public static TurnNodeSettings Apply(ParseResult line, TurnNodeSettings settings) => settings with
    {
        Rules = settings.Rules with
        {
            Alternates = line.GetValue(Alternates),
            Redirection = Moments[line.GetValue(Redirect)!],
            Discovery = line.GetValue(Discovery) is { } second ? new(FirstByUdp(settings), second) : null,
        },
        AuditFile = line.GetValue(Audit) is { } file ? Path.GetFullPath(file) : null,
        DrainPatience = TimeSpan.FromSeconds(line.GetValue(Drain)),
    };

    static TransportAddress FirstByUdp(TurnNodeSettings settings) =>
        settings.Listen.FirstOrDefault(listener => listener.Transport == ClientTransport.Udp) is { Address.Family: not IPFamily.None } first
            ? first.Address
            : throw new WrongUsageException("--discovery: it needs a --listen by UDP; write one.");

    static Alternate ReadAlternate(string text)
    {
        const string Secure = "tls:";
        const string Example = "write one like 192.0.2.7:3478 or tls:192.0.2.7:5349=turn2.example.net";
        var isSecure = text.StartsWith(Secure, StringComparison.Ordinal);
        var parts = (isSecure ? text[Secure.Length..] : text).Split('=', 2);
        var addresses = parts[0].Split(',');
        var other = default(TransportAddress);
        if (addresses.Length > 2 || !TransportAddress.TryParse(addresses[0], out var address)
            || (addresses.Length == 2 && !TransportAddress.TryParse(addresses[1], out other)))
            throw new FormatException($"'{text}' names no other server; {Example}.");
        return new(address, addresses.Length == 2 ? other : null, isSecure, parts.Length == 2 ? parts[1] : null);
    }

    static TransportAddress? ReadSecond(string text) =>
        TransportAddress.TryParse(text, out var address) && address.Port != 0
            ? address
            : throw new FormatException($"'{text}' is not an IP address and a port; write one like 192.0.2.2:3479.");

    static int ReadSeconds(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) && seconds <= LongestDrain
            ? seconds
            : throw new FormatException($"'{text}' is not a time; write whole seconds up to {LongestDrain}.");
}
