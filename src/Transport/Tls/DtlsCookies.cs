using System.Buffers.Binary;
using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.Transport.Tls;

/// <summary>
/// Cookies that show that a client receives at its address (RFC 6347 §4.2.1): a MAC over address, port and the hello's parameters, and
/// nothing kept. The key changes each minute; the one before still counts.
/// </summary>
/// <param name="random">For the key from which the others come.</param>
sealed class DtlsCookies(IRandom random)
{
    /// <summary>A byte that names the key, and 16 of HMAC-SHA-256.</summary>
    public const int Length = 1 + MacLength;

    const int MacLength = 16;
    const int AddressLength = 1 + 16 + 2 + 4;

    // Version, random, session id.
    const int MostParameters = 2 + 32 + 1 + 32;

    static readonly long Period = TimeSpan.FromMinutes(1).Ticks;

    readonly byte[] _master = NewKey(random);
    readonly byte[][] _keys = [new byte[HMACSHA256.HashSizeInBytes], new byte[HMACSHA256.HashSizeInBytes]];
    readonly long[] _periods = [long.MinValue, long.MinValue];

    /// <param name="now">Its monotonic clock chooses the key.</param>
    /// <param name="client">Where the hello came from.</param>
    /// <param name="parameters">At most 67 bytes.</param>
    /// <param name="cookie"><see cref="Length"/> bytes.</param>
    public void Write(Instant now, in TransportAddress client, ReadOnlySpan<byte> parameters, Span<byte> cookie)
    {
        var period = PeriodOf(now);
        cookie[0] = (byte)period;
        WriteMac(period, client, parameters, cookie.Slice(1, MacLength));
    }

    public bool AreShown(Instant now, in TransportAddress client, ReadOnlySpan<byte> parameters, ReadOnlySpan<byte> cookie)
    {
        if (cookie.Length != Length) return false;
        var period = PeriodOf(now);
        if (cookie[0] != (byte)period && cookie[0] != (byte)--period) return false;
        Span<byte> mac = stackalloc byte[MacLength];
        WriteMac(period, client, parameters, mac);
        return CryptographicOperations.FixedTimeEquals(mac, cookie[1..]);
    }

    static long PeriodOf(Instant now) => Math.DivRem(now.MonotonicTicks, Period).Quotient;

    static byte[] NewKey(IRandom random)
    {
        var key = new byte[HMACSHA256.HashSizeInBytes];
        random.Fill(key);
        return key;
    }

    void WriteMac(long period, in TransportAddress client, ReadOnlySpan<byte> parameters, Span<byte> mac)
    {
        // What the client chooses before its cookie, which a fragment of a hello has as well; RFC 6347 would have all of them.
        Span<byte> input = stackalloc byte[AddressLength + MostParameters];
        input[..AddressLength].Clear();
        input[0] = (byte)client.Family;
        client.WriteAddress(input[1..]);
        BinaryPrimitives.WriteUInt16BigEndian(input[17..], client.Port);
        BinaryPrimitives.WriteUInt32BigEndian(input[19..], client.Scope);
        parameters.CopyTo(input[AddressLength..]);
        Span<byte> whole = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(KeyOf(period), input[..(AddressLength + parameters.Length)], whole);
        whole[..MacLength].CopyTo(mac);
    }

    byte[] KeyOf(long period)
    {
        var at = (int)(period & 1);
        if (_periods[at] == period) return _keys[at];
        Span<byte> number = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(number, period);
        HMACSHA256.HashData(_master, number, _keys[at]);
        _periods[at] = period;
        return _keys[at];
    }
}
