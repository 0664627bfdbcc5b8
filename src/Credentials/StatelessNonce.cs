using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>What a server says of a nonce that a client sent.</summary>
public enum NonceVerdict : byte
{
    /// <summary>Not made by us for this client and realm, altered, or under a key that is gone.</summary>
    NotOurs,

    /// <summary>Ours, but older than its lifetime: 438 (RFC 8489 §9.2.4).</summary>
    Stale,
    Fresh,
}

/// <summary>
/// Makes nonces and knows them again without keeping any: cookie, time and a MAC over both and over the client's address
/// and port, since two clients must not be given the same (RFC 8489 §9.2.4). Immutable; allocates nothing.
/// </summary>
/// <remarks>37 characters: 13 of cookie, then base64url of 4 bytes of time, in monotonic seconds, and 14 bytes of MAC.</remarks>
public sealed class StatelessNonce
{
    public const int Length = NonceCookie.Length + 24;

    const int TimeLength = 4;
    const int MacLength = 14;

    readonly SipHash _current;
    readonly SipHash? _previous;
    readonly SecurityFeatures _features;
    readonly TimeSpan _lifetime;

    /// <param name="keys">Shared by all workers of a server.</param>
    /// <param name="realm">In UTF-8, OpaqueString applied.</param>
    /// <param name="features">Named in the cookie; a nonce with others is not ours.</param>
    /// <param name="lifetime">After which a nonce is stale; RFC 8656 §5 wants a new one at least hourly.</param>
    public StatelessNonce(NonceKeys keys, ReadOnlySpan<byte> realm, SecurityFeatures features, TimeSpan lifetime)
    {
        (_current, _previous) = keys.For(realm);
        (_features, _lifetime) = (features, lifetime);
    }

    /// <summary>Writes <see cref="Length"/> bytes.</summary>
    public void Write(Span<byte> nonce, Instant now, in TransportAddress client)
    {
        Span<byte> sealedTime = stackalloc byte[TimeLength + MacLength];
        NonceCookie.Write(nonce, _features);
        BinaryPrimitives.WriteUInt32BigEndian(sealedTime, Seconds(now));
        Seal(_current, nonce[..NonceCookie.Length], sealedTime[..TimeLength], client, sealedTime[TimeLength..]);
        Base64Url.EncodeToUtf8(sealedTime, nonce[NonceCookie.Length..], out _, out _);
    }

    public NonceVerdict Judge(ReadOnlySpan<byte> nonce, Instant now, in TransportAddress client)
    {
        Span<byte> expected = stackalloc byte[NonceCookie.Length];
        Span<byte> sealedTime = stackalloc byte[TimeLength + MacLength];
        NonceCookie.Write(expected, _features);
        if (nonce.Length != Length) return NonceVerdict.NotOurs;
        var cookie = nonce[..NonceCookie.Length];
        if (!cookie.SequenceEqual(expected)) return NonceVerdict.NotOurs;
        Base64Url.DecodeFromUtf8(nonce[NonceCookie.Length..], sealedTime, out _, out var written);
        if (written != sealedTime.Length) return NonceVerdict.NotOurs;

        var ours = Opens(_current, cookie, sealedTime, client)
            || (_previous is { } previous && Opens(previous, cookie, sealedTime, client));
        if (!ours) return NonceVerdict.NotOurs;
        // Signed, so that a worker whose clock was read a moment earlier does not see an age of 136 years.
        var age = (int)(Seconds(now) - BinaryPrimitives.ReadUInt32BigEndian(sealedTime));
        return age > _lifetime.TotalSeconds ? NonceVerdict.Stale : NonceVerdict.Fresh;
    }

    public override string ToString() => nameof(StatelessNonce);

    static uint Seconds(Instant now) => (uint)(now.MonotonicTicks / TimeSpan.TicksPerSecond);

    static bool Opens(SipHash key, ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> sealedTime, in TransportAddress client)
    {
        Span<byte> mac = stackalloc byte[MacLength];
        Seal(key, cookie, sealedTime[..TimeLength], client, mac);
        return CryptographicOperations.FixedTimeEquals(mac, sealedTime[TimeLength..]);
    }

    static void Seal(SipHash key, ReadOnlySpan<byte> cookie, ReadOnlySpan<byte> time, in TransportAddress client, Span<byte> mac)
    {
        // A fixed place for each field, so no two inputs read the same.
        Span<byte> input = stackalloc byte[32];
        BinaryPrimitives.WriteUInt128BigEndian(input, client.AddressBits);
        BinaryPrimitives.WriteUInt32BigEndian(input[16..], client.Scope);
        time.CopyTo(input[20..]);
        cookie[^4..].CopyTo(input[24..]);
        BinaryPrimitives.WriteUInt16BigEndian(input[28..], client.Port);
        input[30] = (byte)client.Family;
        input[31] = 0;
        Span<byte> hash = stackalloc byte[16];
        key.Compute(input, hash);
        hash[..MacLength].CopyTo(mac);
    }
}
