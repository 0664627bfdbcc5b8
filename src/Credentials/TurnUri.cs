using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Credentials;

/// <summary>A TURN server as a client is told of it (RFC 7065 §3.1): <c>turn:host:port?transport=udp</c>.</summary>
/// <param name="Secure">The scheme is <c>turns</c>: TLS or DTLS.</param>
/// <param name="Host">A name, an IPv4 address, or an IPv6 address in brackets.</param>
/// <param name="Port">Null where the URI leaves it to the default.</param>
/// <param name="Transport">Lower case; null where the URI leaves it to RFC 5928.</param>
public sealed record TurnUri(bool Secure, string Host, ushort? Port = null, string? Transport = null)
{
    /// <summary>DNS bounds names at 253; an address in brackets is shorter.</summary>
    const int MostHostLength = 255;

    const int MostTransportLength = 16;

    // RFC 3986 reg-name: unreserved / pct-encoded / sub-delims; percent signs are left out, since no resolver takes them.
    static readonly SearchValues<char> NameCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>The port that is meant: 3478, or 5349 for <c>turns</c> (RFC 7065 §3.2).</summary>
    public int EffectivePort => Port ?? (Secure ? 5349 : 3478);

    public static bool TryParse(ReadOnlySpan<char> text, [NotNullWhen(true)] out TurnUri? uri)
    {
        uri = null;
        var colon = text.IndexOf(':');
        if (colon < 0) return false;
        var secure = text[..colon].Equals("turns", StringComparison.OrdinalIgnoreCase);
        if (!secure && !text[..colon].Equals("turn", StringComparison.OrdinalIgnoreCase)) return false;

        var rest = text[(colon + 1)..];
        string? transport = null;
        if (rest.IndexOf('?') is >= 0 and var question)
        {
            const string Key = "transport=";
            var query = rest[(question + 1)..];
            if (!query.StartsWith(Key, StringComparison.OrdinalIgnoreCase)) return false;
            var value = query[Key.Length..];
            if (value.Length is 0 or > MostTransportLength || value.ContainsAnyExcept(NameCharacters)) return false;
            transport = value.ToString().ToLowerInvariant();
            rest = rest[..question];
        }

        if (!TrySplitHost(rest, out var host, out var digits)) return false;
        ushort? port = null;
        if (digits.Length > 0)
        {
            if (digits.Length > 5 || digits.ContainsAnyExceptInRange('0', '9')
                || !ushort.TryParse(digits, out var number) || number == 0) return false;
            port = number;
        }

        uri = new(secure, host.ToString(), port, transport);
        return true;
    }

    public override string ToString()
    {
        var port = Port is null ? "" : $":{Port}";
        var transport = Transport is null ? "" : $"?transport={Transport}";
        return $"{(Secure ? "turns" : "turn")}:{Host}{port}{transport}";
    }

    /// <summary>Host, and the digits after its colon; a colon with nothing after it is RFC 3986's empty port.</summary>
    static bool TrySplitHost(ReadOnlySpan<char> text, out ReadOnlySpan<char> host, out ReadOnlySpan<char> digits)
    {
        digits = default;
        var end = text.StartsWith('[') ? text.IndexOf(']') + 1 : text.IndexOf(':') is >= 0 and var colon ? colon : text.Length;
        host = text[..end];
        if (end is 0 or > MostHostLength || !IsHost(host)) return false;
        if (end == text.Length) return true;
        if (text[end] != ':') return false;
        digits = text[(end + 1)..];
        return true;
    }

    // No zone and no second bracket, which IPAddress would take.
    static bool IsHost(ReadOnlySpan<char> host) => host[0] == '['
        ? !host[1..^1].ContainsAnyExcept("0123456789ABCDEFabcdef:.")
          && IPAddress.TryParse(host[1..^1], out var address) && address.AddressFamily == AddressFamily.InterNetworkV6
        : !host.ContainsAnyExcept(NameCharacters);
}
