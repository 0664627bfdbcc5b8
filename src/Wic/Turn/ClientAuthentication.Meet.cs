using System.Buffers;
using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Wic;

sealed partial class ClientAuthentication
{
    /// <summary>RFC 1035 §2.3.4, as text.</summary>
    const int LongestName = 253;

    /// <summary>Of host names and addresses: it is shown to people, and asked for.</summary>
    static readonly SearchValues<byte> NameBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]"u8);

    string? _offeredTo;

    /// <summary>Takes a 401 or 438 in; false when the client must not try again with what it holds.</summary>
    /// <param name="now">By which a token may be over.</param>
    /// <param name="response">With its NONCE, and REALM.</param>
    /// <param name="code">401 or 438.</param>
    /// <param name="method">Of the request.</param>
    /// <param name="used">What the request was signed with; null without credentials.</param>
    /// <param name="failure">Why not.</param>
    public bool TryMeet(
        Instant now, in StunMessage response, ErrorCode code, StunMethod method, Signature? used, out TurnClientFailure failure)
    {
        failure = used is null ? TurnClientFailure.Challenge
            : used.Token is null || code != ErrorCode.Unauthenticated ? TurnClientFailure.Refused
            : now < _tokenEndsAt ? TurnClientFailure.TokenRefused
            : TurnClientFailure.TokenExpired;
        if (response.ReadNonce(out var nonce) != Reading.Present || IsBidDown(response)) return false;
        // A 438 brings the realm along (§9.2.4); where it does not, the one before stays.
        if (response.ReadRealm(out var realm) != Reading.Present) realm = _realm;
        if (realm.IsEmpty) return false;
        if (!TryChooseWay(response, used, ref failure, out var byToken)) return false;
        // No retry that changes nothing (§9.2.5): credentials refused in their own realm are wrong.
        var sameCredential = byToken ? used?.Token == TokenOf(method) : used is { Token: null };
        if (code == ErrorCode.Unauthenticated && sameCredential && realm.SequenceEqual(_realm)) return false;
        if (!byToken && !TryTakePassword(response, realm)) return false;

        (_byToken, _realm, _nonce) = (byToken, realm.ToArray(), nonce.ToArray());
        _isAnonymous = Features(nonce).HasFlag(SecurityFeatures.UsernameAnonymity);
        return true;
    }

    /// <summary>
    /// Without a token: keeps an offer of third-party authorization to meet it later; false when the response is none.
    /// </summary>
    /// <param name="response">A 401.</param>
    /// <param name="server">Whom a token must be for.</param>
    public bool TryKeepOffer(in StunMessage response, out string server)
    {
        server = "";
        if (_token is not null || IsBidDown(response)
            || response.ReadThirdPartyAuthorization(out var name) != Reading.Present
            || name.Length is 0 or > LongestName || name.ContainsAnyExcept(NameBytes)
            || response.ReadNonce(out var nonce) != Reading.Present
            || response.ReadRealm(out var realm) != Reading.Present) return false;
        (_realm, _nonce) = (realm.ToArray(), nonce.ToArray());
        _offeredTo = server = Encoding.ASCII.GetString(name);
        return true;
    }

    /// <summary>Meets the kept offer with the token that came meanwhile; false when it is for another server.</summary>
    public bool TryGoByToken() => _byToken = _token is { IsWellFormed: true } token && token.ServerName == _offeredTo;

    /// <summary>By token or by password. RFC 7635 §6.1: third-party authorization takes precedence where both can be
    /// had.</summary>
    bool TryChooseWay(in StunMessage response, Signature? used, ref TurnClientFailure failure, out bool byToken)
    {
        byToken = _byToken;
        if (_isSettled) return true;
        if (_token is null)
        {
            if (settings.AwaitsToken) failure = TurnClientFailure.TokenUnwanted;
            return settings.Username.Length > 0;
        }

        var offer = response.ReadThirdPartyAuthorization(out var server);
        // A 438 need not repeat the offer.
        var isOffered = offer == Reading.Present
            ? server.SequenceEqual(Encoding.UTF8.GetBytes(_token.ServerName))
            : used?.Token is not null;
        byToken = isOffered && _token.IsWellFormed;
        if (byToken || settings.Username.Length > 0) return true;
        failure = isOffered ? TurnClientFailure.TokenMalformed
            : offer == Reading.Present ? TurnClientFailure.TokenForAnother
            : TurnClientFailure.TokenUnwanted;
        return false;
    }

    bool TryTakePassword(in StunMessage response, ReadOnlySpan<byte> realm)
    {
        if (!TryChoose(response, out var algorithms, out var algorithm)) return false;
        if ((_key is null || algorithm != _algorithm || !realm.SequenceEqual(_realm))
            && !TryDerive(algorithm, Encoding.UTF8.GetString(realm))) return false;
        (_algorithm, _algorithms) = (algorithm, algorithms.ToArray());
        return true;
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
}
