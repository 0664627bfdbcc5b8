using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Wic;

/// <summary>What a client keeps of the long-term mechanism between its requests (RFC 8489 §9.2.3.2, §9.2.5).</summary>
sealed class ClientAuthentication(TurnClientSettings settings)
{
    byte[] _realm = [];
    byte[] _nonce = [];
    byte[] _algorithms = [];
    string _username = "";
    Bytes? _userHash;
    bool _isAnonymous;
    PasswordAlgorithm _algorithm;
    IntegrityKey? _key;

    /// <summary>Whether a challenge was met, so that requests carry credentials.</summary>
    public bool IsReady => _key is not null;

    /// <summary>Takes a 401 or 438 in; false when the client must not try again with what it holds.</summary>
    /// <param name="response">With its NONCE, and REALM.</param>
    /// <param name="code">401 or 438.</param>
    /// <param name="authenticated">Whether the request carried credentials.</param>
    public bool TryMeet(in StunMessage response, ErrorCode code, bool authenticated)
    {
        if (response.ReadNonce(out var nonce) != Reading.Present || IsBidDown(response)) return false;
        // A 438 brings the realm along (§9.2.4); where it does not, the one before stays.
        if (response.ReadRealm(out var realm) != Reading.Present) realm = _realm;
        if (realm.IsEmpty) return false;
        // No retry that changes nothing (§9.2.5): credentials refused in their own realm are wrong.
        if (code == ErrorCode.Unauthenticated && authenticated && realm.SequenceEqual(_realm)) return false;

        if (!TryChoose(response, out var algorithms, out var algorithm)) return false;
        if ((_key is null || algorithm != _algorithm || !realm.SequenceEqual(_realm))
            && !TryDerive(algorithm, Encoding.UTF8.GetString(realm))) return false;
        (_realm, _nonce, _algorithm, _algorithms) = (realm.ToArray(), nonce.ToArray(), algorithm, algorithms.ToArray());
        _isAnonymous = Features(nonce).HasFlag(SecurityFeatures.UsernameAnonymity);
        return true;
    }

    /// <summary>
    /// Whether the cookie promises algorithms and the response has none: they were taken out on the way (§9.2.1).
    /// </summary>
    public bool IsBidDown(in StunMessage response) =>
        response.ReadNonce(out var nonce) == Reading.Present
        && Features(nonce).HasFlag(SecurityFeatures.PasswordAlgorithms)
        && !response.Has(AttributeType.PasswordAlgorithms);

    /// <summary>Whether the response carries integrity by our key.</summary>
    public bool Verifies(in StunMessage response) => _key is not null && response.Verify(_key);

    /// <summary>
    /// Adds the credentials and the integrity to a request that is otherwise complete; nothing before a challenge.
    /// </summary>
    public void Sign(ref StunWriter writer)
    {
        if (_key is null) return;
        if (_isAnonymous) writer.Add(AttributeType.UserHash, _userHash!.Span);
        else writer.Add(AttributeType.Username, Encoding.UTF8.GetBytes(_username));
        writer.Add(AttributeType.Realm, _realm);
        writer.Add(AttributeType.Nonce, _nonce);
        if (_algorithms.Length == 0)
        {
            writer.AddIntegrity(Integrity.Sha1, _key);
            return;
        }

        writer.Add(AttributeType.PasswordAlgorithms, _algorithms);
        writer.AddPasswordAlgorithm((ushort)_algorithm);
        // §9.2.5, last paragraph: a server that knows algorithms knows the stronger integrity.
        writer.AddIntegrity(Integrity.Sha256, _key);
    }

    /// <summary>The first algorithm of the server's list that is known here (§9.2.5); MD5 where there is no list.</summary>
    bool TryChoose(in StunMessage response, out ReadOnlySpan<byte> list, out PasswordAlgorithm algorithm)
    {
        list = default;
        algorithm = PasswordAlgorithm.Md5;
        if (settings.Rfc5389Only || response.ReadPasswordAlgorithms(out var algorithms) == Reading.Absent) return true;
        var rest = list = algorithms.Value;
        while (PasswordAlgorithms.TryTake(ref rest, out var candidate))
            if (Enum.IsDefined(algorithm = (PasswordAlgorithm)candidate)) return true;
        return false;
    }

    bool TryDerive(PasswordAlgorithm algorithm, string realm)
    {
        if (!OpaqueString.TryEnforce(settings.Username, out var username)
            || !LongTermKey.TryDerive(algorithm, settings.Username, realm, settings.Password, out var key)
            || !UserHash.TryCompute(settings.Username, realm, out _userHash)) return false;
        (_username, _key) = (username, new IntegrityKey(key.Span));
        return true;
    }

    /// <summary>What the nonce says of the server; a client of RFC 5389 cannot read it.</summary>
    SecurityFeatures Features(ReadOnlySpan<byte> nonce) =>
        !settings.Rfc5389Only && NonceCookie.TryRead(nonce, out var features) ? features : SecurityFeatures.None;
}
