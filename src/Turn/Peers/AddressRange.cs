using System.Globalization;
using System.Net;
using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>A block of addresses in CIDR notation (RFC 4632 §3.1, RFC 4291 §2.3).</summary>
public readonly record struct AddressRange
{
    AddressRange(IPFamily family, UInt128 first, UInt128 last) => (Family, First, Last) = (family, first, last);

    public IPFamily Family { get; }

    /// <summary>The lowest address as a number.</summary>
    public UInt128 First { get; }

    /// <summary>The highest address as a number.</summary>
    public UInt128 Last { get; }

    /// <exception cref="FormatException">The text is no block of addresses.</exception>
    public static AddressRange Parse(string text) =>
        TryParse(text, out var range) ? range : throw new FormatException($"'{text}' is no block like 10.0.0.0/8 or fc00::/7.");

    /// <summary>Reads <c>10.0.0.0/8</c>, <c>fc00::/7</c>, or one address; bits behind the prefix are ignored.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out AddressRange range)
    {
        range = default;
        var slash = text.IndexOf('/');
        // "10.1", "0x7f.0.0.1" and "010.0.0.1" mean something else to every reader: IPv4 is read as it is written back, or not.
        var name = slash < 0 ? text : text[..slash];
        if (!IPAddress.TryParse(name, out var ip) || name.Contains('%')) return false;
        if (!name.Contains(':') && !name.SequenceEqual(ip.ToString())) return false;
        // An address in mapped form becomes IPv4; its prefix counted 96 bits more.
        var address = TransportAddress.From(ip, 0);
        var width = address.AddressLength * 8;
        var mapped = address.Family == IPFamily.IPv4 && name.Contains(':') ? 96 : 0;
        var prefix = width + mapped;
        var digits = slash < 0 ? default : text[(slash + 1)..];
        if (slash >= 0 && !int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out prefix)) return false;
        prefix -= mapped;
        if (prefix < 0 || prefix > width) return false;
        range = Of(address, prefix);
        return true;
    }

    /// <param name="address">Any address of the block; its port says nothing.</param>
    /// <param name="prefix">How many leading bits the block's addresses share: 0 to 32, or 0 to 128.</param>
    public static AddressRange Of(in TransportAddress address, int prefix)
    {
        var width = address.AddressLength * 8;
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)prefix, (uint)width, nameof(prefix));
        var hosts = width - prefix == 128 ? UInt128.MaxValue : (UInt128.One << (width - prefix)) - 1;
        var first = address.AddressBits & ~hosts;
        return new(address.Family, first, first | hosts);
    }

    /// <summary>The block that holds this address alone.</summary>
    public static AddressRange Single(in TransportAddress address) => Of(address, address.AddressLength * 8);

    public bool Contains(in TransportAddress address) =>
        address.Family == Family && address.AddressBits >= First && address.AddressBits <= Last;

    public override string ToString()
    {
        var first = Family == IPFamily.IPv4 ? TransportAddress.IPv4((uint)First, 0) : TransportAddress.IPv6(First, 0);
        var prefix = (first.AddressLength * 8) - (int)UInt128.PopCount(Last - First);
        return $"{first.ToIPAddress()}/{prefix}";
    }
}
