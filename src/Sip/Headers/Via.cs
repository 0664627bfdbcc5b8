using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Sip;

/// <summary>One hop of a request, and the way back of its response (RFC 3261 §20.42).</summary>
/// <param name="transport">In capitals: UDP, TCP, TLS, WS, WSS.</param>
/// <param name="sentBy">Where the hop says it is.</param>
/// <param name="parameters">With the branch.</param>
public sealed class Via(string transport, HostPort sentBy, Parameters parameters) : IHeaderValue
{
    /// <summary>What every branch of RFC 3261 begins with (§8.1.1.7); one without it is of RFC 2543.</summary>
    public const string MagicCookie = "z9hG4bK";

    public Via(string transport, string host, string branch) : this(transport, new HostPort(host), [new("branch", branch)])
    {
    }

    /// <summary>The protocol and its version; <c>SIP/2.0</c> but for a hop of the future.</summary>
    public string Protocol { get; private init; } = "SIP/2.0";

    public string Transport { get; } = transport;

    public HostPort SentBy { get; } = sentBy;

    public Parameters Parameters { get; } = parameters;

    public string? Branch => Parameters["branch"];

    /// <summary>Whether the branch names a transaction (RFC 3261 §17.1.3); case does not count.</summary>
    public bool HasMagicCookie => Branch is { } branch && branch.Length > MagicCookie.Length
        && branch.StartsWith(MagicCookie, StringComparison.OrdinalIgnoreCase);

    /// <summary>False for UDP alone: over all others the transport does the retransmissions.</summary>
    public bool IsReliable => Transport != "UDP";

    public static bool TryParse(string? text, [NotNullWhen(true)] out Via? via)
    {
        via = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out via);
    }

    // via-parm = sent-protocol LWS sent-by *( SEMI via-params )      sent-protocol = name SLASH version SLASH transport
    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out Via? via)
    {
        via = null;
        var scanner = new Scanner(text);
        scanner.SkipSpace();
        if (!scanner.TryToken(out var name) || !scanner.TrySeparator((byte)'/')) return false;
        if (!scanner.TryToken(out var version) || !scanner.TrySeparator((byte)'/')) return false;
        if (!scanner.TryToken(out var transport) || !(scanner.Sees((byte)' ') || scanner.Sees((byte)'\t'))) return false;
        scanner.SkipSpace();
        if (!HostPort.TryRead(ref scanner, spaceAroundColon: true, out var sentBy)) return false;
        if (!ParameterScanner.TryReadTail(ref scanner, out var parameters)) return false;
        var protocol = $"{Grammar.Text(name).ToUpperInvariant()}/{Grammar.Text(version)}";
        via = new(Grammar.Text(transport).ToUpperInvariant(), sentBy, parameters) { Protocol = protocol };
        return true;
    }

    public Via With(string parameter, string? value = null) =>
        new(Transport, SentBy, Parameters.With(parameter, value)) { Protocol = Protocol };

    public string ToHeaderText() => ToString();

    public override string ToString() => $"{Protocol}/{Transport} {SentBy}{Parameters}";
}
