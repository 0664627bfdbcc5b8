using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>The IPv4 addresses that an IPv6 address can stand for somewhere on its way.</summary>
static class EmbeddedIPv4
{
    /// <summary>::ffff:0:0/96, the IPv4-mapped addresses (RFC 4291 §2.5.5.2).</summary>
    public static readonly UInt128 Mapped = new(0, 0xFFFF_0000_0000);

    /// <summary>::ffff:0:0:0/96, the IPv4-translated addresses (RFC 2765 §2.1).</summary>
    static readonly UInt128 Translated = new(0, 0xFFFF_0000_0000_0000);

    /// <summary>64:ff9b::/96, the well-known prefix of translators (RFC 6052 §2.1).</summary>
    static readonly UInt128 WellKnown = new(0x0064_FF9B_0000_0000, 0);

    /// <summary>All that are found; to enumerate it makes no object.</summary>
    public static Finds In(in TransportAddress address) => new(address);

    /// <summary>At most one number for each way to embed.</summary>
    public ref struct Finds
    {
        const int Ways = 6;

        readonly UInt128 _address;
        int _way;

        internal Finds(in TransportAddress address) =>
            (_address, _way) = (address.AddressBits, address.Family == IPFamily.IPv6 ? 0 : Ways);

        public uint Current { get; private set; }

        public readonly Finds GetEnumerator() => this;

        public bool MoveNext()
        {
            while (_way < Ways)
                if (TryFind(_way++) is { } found)
                {
                    Current = found;
                    return true;
                }

            return false;
        }

        readonly uint? TryFind(int way)
        {
            var (high, low) = ((ulong)(_address >> 64), (ulong)_address);
            return way switch
            {
                // Mapped, translated, well-known prefix, and ::/96 (RFC 4291 §2.5.5.1) but for :: and ::1, which are themselves.
                0 when _address >> 32 << 32 is var prefix
                    && (prefix == Mapped || prefix == Translated || prefix == WellKnown || (prefix == 0 && low > 1)) => (uint)low,
                // 6to4 (RFC 3056 §2): behind the first 16 bits.
                1 when high >> 48 == 0x2002 => (uint)(high >> 16),
                // Teredo (RFC 4380 §4): the client, every bit turned.
                2 when high >> 32 == 0x2001_0000 => ~(uint)low,
                // ISATAP (RFC 5214 §6.1): an interface identifier of 0000:5efe or 0200:5efe.
                3 when (low >> 32 | 0x0200_0000) == 0x0200_5EFE => (uint)low,
                // 64:ff9b:1::/48 (RFC 8215) is cut by each network as it likes (RFC 6052 §2.2): /96 puts the address last,
                4 when high >> 16 == 0x0064_FF9B_0001 && (uint)low != 0 => (uint)low,
                // and /48 puts it on both sides of bits 64 to 71. Zeros mean that it is not there.
                5 when high >> 16 == 0x0064_FF9B_0001 && ((high & 0xFFFF) != 0 || (low >> 40 & 0xFFFF) != 0) =>
                    (uint)((high & 0xFFFF) << 16 | low >> 40 & 0xFFFF),
                _ => null,
            };
        }
    }
}
