using System.Collections.Immutable;
using System.Net;
using Microsoft.AspNetCore.Http;
using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Web;

/// <summary>Proxies that end TLS for us: what they say about their clients in Forwarded (RFC 7239) or X-Forwarded-* is believed.</summary>
/// <param name="trusted">Their addresses.</param>
sealed class Proxies(ImmutableArray<AddressRange> trusted)
{
    public bool Has(IPAddress? address)
    {
        if (address is null) return false;
        var one = TransportAddress.From(address, 0);
        foreach (var range in trusted)
            if (range.Contains(one)) return true;
        return false;
    }

    /// <summary>Whether a proxy says that its own client came without TLS.</summary>
    /// <remarks>
    /// A proxy writes one of the two headers and lets the other pass as its client sent it, so neither overrules the other.
    /// </remarks>
    public static bool SaysPlain(IHeaderDictionary headers) =>
        // The last is the one that our proxy wrote; what is before it came from its client.
        IsPlain(Values(headers["Forwarded"], "proto").LastOrDefault())
        || IsPlain(Split(headers["X-Forwarded-Proto"]).LastOrDefault());

    /// <summary>
    /// Who is behind the trusted proxies: the last address that none of them has. The connection's own without a word, and where
    /// the two headers name two: one of them was made up by who came through the proxy.
    /// </summary>
    public IPAddress? ClientOf(IHeaderDictionary headers, IPAddress? connection)
    {
        if (!Has(connection)) return connection;
        string[] forwarded = [.. Values(headers["Forwarded"], "for")], other = [.. Split(headers["X-Forwarded-For"])];
        var client = ClientOf(forwarded.Length > 0 ? forwarded : other);
        var isAgreed = forwarded.Length == 0 || other.Length == 0 || Equals(client, ClientOf(other));
        return isAgreed && client is not null ? client : connection;
    }

    IPAddress? ClientOf(string[] chain)
    {
        for (var i = chain.Length - 1; i >= 0; i--)
        {
            if (!TryAddress(chain[i], out var address)) return null;
            if (!Has(address)) return address;
        }

        return null;
    }

    static bool IsPlain(string? protocol) => protocol?.ToLowerInvariant() is "http" or "ws";

    static IEnumerable<string> Split(IEnumerable<string?> lines) =>
        lines.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));

    /// <summary>The values of one parameter in every element: <c>for=192.0.2.1;proto=https, for="[2001:db8::1]:4711"</c>.</summary>
    static IEnumerable<string> Values(IEnumerable<string?> lines, string name) => Split(lines)
        .SelectMany(element => element.Split(';', StringSplitOptions.TrimEntries))
        .Where(pair => pair.StartsWith($"{name}=", StringComparison.OrdinalIgnoreCase))
        .Select(pair => pair[(name.Length + 1)..].Trim('"'));

    /// <summary>An address with or without a port; "unknown" and "_hidden" (RFC 7239 §6) are none.</summary>
    static bool TryAddress(string text, out IPAddress address)
    {
        address = IPAddress.None;
        if (TransportAddress.TryParse(text, out var withPort)) address = withPort.ToIPAddress();
        else if (IPAddress.TryParse(text.Trim('[', ']'), out var alone)) address = alone;
        else return false;
        return true;
    }
}
