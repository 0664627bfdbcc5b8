using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Credentials;

/// <summary>
/// Makes access tokens under one key for one TURN server, as an authorization server of RFC 7635. One thread at a time.
/// </summary>
/// <param name="key">Shared with the TURN server.</param>
/// <param name="serverName">The TURN server's, as its THIRD-PARTY-AUTHORIZATION has it.</param>
/// <param name="random">Of the keys for integrity, and of ids.</param>
public sealed class TokenIssuer(TokenKey key, string serverName, IRandom random) : IDisposable
{
    readonly TokenSeal _seal = new(key, serverName);
    uint _counter;

    /// <summary>A name for a registration or a grant; drawn anew for each, and for all when the issuer starts, so that id and
    /// counter together are never twice the nonce under one key.</summary>
    public Bytes DrawId()
    {
        Span<byte> id = stackalloc byte[TokenSeal.IdLength];
        random.Fill(id);
        return Bytes.Copy(id);
    }

    /// <param name="now">Dates it.</param>
    /// <param name="id">From <see cref="DrawId"/>: the TURN server charges it, and takes it back by it.</param>
    /// <param name="lifetime">Seconds, 1 to <see cref="AccessToken.LongestLifetime"/>.</param>
    /// <param name="keyLength">20 for MESSAGE-INTEGRITY, 32 for MESSAGE-INTEGRITY-SHA256.</param>
    /// <exception cref="ArgumentException">One of them has another size.</exception>
    public IssuedToken Issue(Instant now, Bytes id, uint lifetime, int keyLength = 20)
    {
        if (id.Length != TokenSeal.IdLength) throw new ArgumentException($"An id has {TokenSeal.IdLength} bytes.", nameof(id));
        Span<byte> nonce = stackalloc byte[TokenSeal.NonceLength];
        id.Span.CopyTo(nonce);
        // Where it starts again at 0, after four thousand million tokens, no id of the first round is in use any more.
        BinaryPrimitives.WriteUInt32BigEndian(nonce[TokenSeal.IdLength..], unchecked(_counter++));
        var macKey = new byte[keyLength];
        random.Fill(macKey);
        TokenMacKey.Make(macKey);
        return new(key.Kid, Bytes.Copy(macKey), _seal.Seal(nonce, macKey, now, lifetime), serverName, lifetime);
    }

    public void Dispose() => _seal.Dispose();
}
