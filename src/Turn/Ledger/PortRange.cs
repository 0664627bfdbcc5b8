using System.Globalization;

namespace Portunus.Turn;

/// <summary>The ports that relays may have, both ends included.</summary>
public readonly record struct PortRange(ushort First, ushort Last)
{
    /// <summary>The dynamic ports, as RFC 8656 §7.2 advises.</summary>
    public static PortRange Dynamic => new(49152, 65535);

    public int Count => Last - First + 1;

    public bool Contains(ushort port) => port >= First && port <= Last;

    /// <summary>Reads <c>49152-65535</c>, or one port; false for anything else, and for port 0.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out PortRange range)
    {
        range = default;
        var dash = text.IndexOf('-');
        if (!TryPort(dash < 0 ? text : text[..dash], out var first)) return false;
        if (!TryPort(dash < 0 ? text : text[(dash + 1)..], out var last) || last < first) return false;
        range = new(first, last);
        return true;
    }

    public override string ToString() => $"{First}-{Last}";

    static bool TryPort(ReadOnlySpan<char> text, out ushort port) =>
        ushort.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port != 0;
}
