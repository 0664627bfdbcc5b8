using System.Buffers.Binary;
using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>
/// Seals and opens the tickets by which a client that has moved finds its allocation again (RFC 8016): a name of the allocation and a
/// number of moves, under keys of this server alone. One thread at a time, as the ciphers inside.
/// </summary>
/// <remarks>
/// <para>What is sealed is a handle: the allocation's own state says whether it still counts. RFC 8016 §5 wants strong algorithms and
/// entropy: it is the construction of SIV (RFC 5297 §2.6) with HMAC-SHA-256, cut to 128 bits as in RFC 8016's own example, for what is
/// authentic, and AES-256 for what is secret. 32 random bits are sealed in, so that two tickets of one number differ, too.</para>
/// <para>32 bytes and none of them zero, because coturn's client keeps a ticket as a string of C in a field of that size. No byte is
/// left for a nonce beside the tag; SIV needs none. And what is forged is told without an exception, which AES-GCM in .NET is not.</para>
/// </remarks>
public sealed class TicketSeal : IDisposable
{
    /// <summary>Bytes of every ticket: the tag, then the block.</summary>
    public const int Length = 2 * Block;

    const int Block = 16;

    readonly Key _current;
    readonly Key? _previous;
    readonly byte[] _plain = new byte[Block];

    /// <param name="keys">Those of nonces, from which others are derived: the two are no use for each other.</param>
    /// <param name="realm">In UTF-8, OpaqueString applied.</param>
    public TicketSeal(NonceKeys keys, ReadOnlySpan<byte> realm)
    {
        var (current, previous) = keys.ForTickets(realm, Key.Length);
        (_current, _previous) = (new(current), previous is null ? null : new(previous));
    }

    /// <summary>Writes <see cref="Length"/> bytes, other ones each time.</summary>
    public void Seal(Span<byte> ticket, IRandom random, ulong allocation, uint moves)
    {
        ticket = ticket[..Length];
        BinaryPrimitives.WriteUInt64BigEndian(_plain, allocation);
        BinaryPrimitives.WriteUInt32BigEndian(_plain.AsSpan(8), moves);
        do
        {
            random.Fill(_plain.AsSpan(12));
            _current.Tag(_plain, ticket[..Block]);
            _plain.CopyTo(ticket[Block..]);
            _current.Crypt(ticket[..Block], ticket[Block..]);
        }
        while (ticket.Contains((byte)0));
    }

    /// <summary>False for what was not sealed here, was altered, or was sealed before the key before this one.</summary>
    public bool TryOpen(ReadOnlySpan<byte> ticket, out ulong allocation, out uint moves)
    {
        (allocation, moves) = (0, 0);
        if (ticket.Length != Length || !(Opens(_current, ticket) || (_previous is not null && Opens(_previous, ticket)))) return false;
        allocation = BinaryPrimitives.ReadUInt64BigEndian(_plain);
        moves = BinaryPrimitives.ReadUInt32BigEndian(_plain.AsSpan(8));
        return true;
    }

    public void Dispose()
    {
        _current.Dispose();
        _previous?.Dispose();
    }

    public override string ToString() => nameof(TicketSeal);

    bool Opens(Key key, ReadOnlySpan<byte> ticket)
    {
        ticket[Block..].CopyTo(_plain);
        key.Crypt(ticket[..Block], _plain);
        Span<byte> tag = stackalloc byte[Block];
        key.Tag(_plain, tag);
        return CryptographicOperations.FixedTimeEquals(tag, ticket[..Block]);
    }

    /// <param name="bytes">32 for the tag, then 32 for the cipher.</param>
    sealed class Key(byte[] bytes) : IDisposable
    {
        const int Half = 32;

        public const int Length = 2 * Half;

        readonly ICryptoTransform _cipher = Cipher(bytes[Half..]);
        readonly byte[] _counter = new byte[Block];
        readonly byte[] _stream = new byte[Block];

        public void Tag(ReadOnlySpan<byte> plain, Span<byte> tag)
        {
            Span<byte> mac = stackalloc byte[HMACSHA256.HashSizeInBytes];
            HMACSHA256.HashData(bytes.AsSpan(0, Half), plain, mac);
            mac[..Block].CopyTo(tag);
        }

        /// <summary>One block of AES in counter mode, the tag being the counter: there and back.</summary>
        public void Crypt(ReadOnlySpan<byte> tag, Span<byte> block)
        {
            tag.CopyTo(_counter);
            _cipher.TransformBlock(_counter, 0, Block, _stream, 0);
            for (var i = 0; i < Block; i++) block[i] ^= _stream[i];
        }

        public void Dispose() => _cipher.Dispose();

        static ICryptoTransform Cipher(byte[] key)
        {
            using var aes = Aes.Create();
            // The block cipher alone, of which counter mode is made.
            (aes.Key, aes.Mode, aes.Padding) = (key, CipherMode.ECB, PaddingMode.None);
            return aes.CreateEncryptor();
        }
    }
}
