using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>One worker's ciphers over <see cref="TokenKeys"/>: turns a kid and a token into who may have sent them.</summary>
sealed class TokenOpener : IDisposable
{
    const int CutLength = 16;

    readonly Dictionary<Bytes, (TokenSeal Seal, Allowance? Allowance)> _seals = new(Bytes.ByContent);
    readonly string? _realm;

    /// <param name="keys">Of one realm.</param>
    /// <param name="realm">As <see cref="Subject.Realm"/>.</param>
    public TokenOpener(TokenKeys keys, string? realm = null)
    {
        _realm = realm;
        ServerName = Encoding.UTF8.GetBytes(keys.ServerName);
        foreach (var (key, allowance) in keys.Keys)
            _seals.Add(Bytes.Utf8(key.Kid), (new(key, keys.ServerName), allowance));
    }

    public byte[] ServerName { get; }

    public IEnumerable<Bytes> Kids => _seals.Keys;

    /// <summary>RFC 7635 §7, but for the integrity of the request: key by kid, the seal, the time. Null is a 401 in each
    /// case.</summary>
    /// <param name="now">At which it must count.</param>
    /// <param name="kid">From USERNAME.</param>
    /// <param name="token">From ACCESS-TOKEN.</param>
    /// <param name="isCut">Whether only the first 16 of a key's 20 bytes count, as for coturn's client.</param>
    public Caller? Open(Instant now, ReadOnlySpan<byte> kid, ReadOnlySpan<byte> token, bool isCut = false)
    {
        if (!_seals.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(kid, out var known)) return null;
        if (!known.Seal.TryOpen(token, out var opened) || !opened.IsFresh(now.UnixSeconds)) return null;
        if (isCut && opened.MacKey.Length != 20) return null;
        var key = isCut ? opened.MacKey.Span[..CutLength] : opened.MacKey.Span;
        var subject = new Subject(CredentialKind.Token, Bytes.Utf8(Convert.ToHexStringLower(opened.Id.Span)), _realm);
        var found = new FoundCredential(new(key), subject)
        {
            EndsAt = now.AtUnixSeconds(now.UnixSeconds + opened.Remaining(now.UnixSeconds)),
            Allowance = known.Allowance,
        };
        return new(Bytes.Copy(kid), found, PasswordAlgorithm.Md5)
        {
            Token = Bytes.Copy(token),
            // RFC 7635 §6.2 knows HMAC-SHA1 and a key of 160 bits; the longer key and attribute are ours, and never mixed.
            Integrity = opened.MacKey.Length == 20 ? Integrity.Sha1 : Integrity.Sha256,
        };
    }

    public void Dispose()
    {
        foreach (var (seal, _) in _seals.Values) seal.Dispose();
    }
}
