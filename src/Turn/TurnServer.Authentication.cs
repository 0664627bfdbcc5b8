using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Turn;

// The long-term credential mechanism, server side: RFC 8489 §9.2.4, whose bullets stand here in their order, with one
// exception: the nonce is judged before a key is looked for. A stranger thus cannot make the server compute more than a short
// MAC over an address, and whoever replays a nonce from elsewhere learns nothing about names.
public sealed partial class TurnServer
{
    /// <summary>How many keys are tried for one request, whatever the verifier has.</summary>
    const int MaxAttempts = SharedSecret.MostTried;

    /// <summary>False when the request is not proved to come from anyone; then the refusal is the reply.</summary>
    bool TryAuthenticate(scoped ref Request request, out Forward refusal)
    {
        refusal = default;
        var message = request.Message;

        // "If the message does not contain a MESSAGE-INTEGRITY or MESSAGE-INTEGRITY-SHA256 attribute"
        if (message.Integrity == Integrity.None) return Refuse(out refusal, Challenge(request, ErrorCode.Unauthenticated));

        // "... but is missing either the USERNAME or USERHASH, REALM, or NONCE attribute"
        var named = message.ReadUsername(out var username);
        var hashed = message.ReadUserHash(out var userHash);
        if (named == Reading.Malformed || hashed == Reading.Malformed || (named == Reading.Absent && hashed == Reading.Absent)
            || message.ReadRealm(out var realm) != Reading.Present || message.ReadNonce(out var nonce) != Reading.Present)
            return Refuse(out refusal, BadRequest(request));

        // Which credentials are meant: of REALM's realm, if it is one of ours. Where it is not, the challenge is as for a stranger.
        var meant = _realms.OfName(realm);
        var place = request.Realm = meant ?? _realms.OfOrigin(message);

        // "If the NONCE attribute starts with the nonce cookie with ... the Password algorithms bit set to 1"
        request.ReplyIntegrity = Integrity.Sha1;
        var algorithm = PasswordAlgorithm.Md5;
        if (NonceCookie.TryRead(nonce, out var features) && features.HasFlag(SecurityFeatures.PasswordAlgorithms)
            && !TryChooseAlgorithm(ref request, ref algorithm))
            return Refuse(out refusal, BadRequest(request));

        if (!FindConnection(ref request, out refusal)) return false;

        // "If the NONCE is no longer valid": here, before a key is looked for.
        var verdict = place.Nonces.Judge(nonce, request.Now, request.Path.FiveTuple.Client);
        if (verdict == NonceVerdict.NotOurs) verdict = JudgeBeside(request, place.Nonces, nonce);
        if (verdict != NonceVerdict.NotOurs) KnowSource(ref request);
        if (verdict == NonceVerdict.Stale && !MayTry(ref request)) return Refuse(out refusal, Forward.Drop(DropReason.TooManyTries));
        if (verdict != NonceVerdict.Fresh) return Refuse(out refusal, Challenge(request, ErrorCode.StaleNonce));

        OpenTicket(ref request);
        if (IsElsewhere(ref request, out refusal)) return false;

        // RFC 7635 §7: a token that nobody asked for, "because it had not previously sent out a THIRD-PARTY-AUTHORIZATION".
        var hasToken = message.ReadAccessToken(out var token) == Reading.Present && MayCarryToken(message.Method);
        if (hasToken && !_realms.HasTokens)
            return Refuse(out refusal, ErrorOfUnknown(request, message.FindUnknown(_understood, _unknown)));

        if (named == Reading.Absent) username = place.Verifier.NameOf(userHash) is { } name ? name.Span : default;
        if (!MayTry(ref request, username, token)) return Refuse(out refusal, Forward.Drop(DropReason.TooManyTries));

        // Approach 2, pull: an edge may know the name.
        if (named == Reading.Present && !hasToken && meant == _realms.First
            && Asks(request, username, algorithm, out refusal))
            return false;

        // "If the value of the USERNAME or USERHASH attribute is not valid"; "if the resulting value does not match"
        var caller = meant is null ? null
            : hasToken ? ProveByToken(request, username, token)
            : Prove(request, username, algorithm);
        if (caller is null || IsOver(request, caller))
            return Refuse(out refusal, Challenge(request, ErrorCode.Unauthenticated));
        request.Caller = caller;
        _unauthenticated.Prove(request.Path.FiveTuple.Client, request.IsTry);
        // RFC 7635 §7: "Any response ... MUST include the MESSAGE-INTEGRITY attribute, computed using the mac_key"
        if (caller.Integrity is { } integrity) request.ReplyIntegrity = integrity;
        return true;
    }

    /// <summary>RFC 7635 §9: "MUST include the ACCESS-TOKEN attribute only in Allocate and Refresh requests". A ConnectionBind begins a
    /// connection of its own, and clients that are about prove there anew who they are.</summary>
    static bool MayCarryToken(StunMethod method) => method is StunMethod.Allocate or StunMethod.Refresh or StunMethod.ConnectionBind;

    ReadOnlySpan<AttributeType> UnderstoodIn(StunMethod method) =>
        _realms.HasTokens && MayCarryToken(method) ? _understoodWithToken : _understood;

    /// <summary>Whether a proved caller counts no more: its time is over, or it was revoked. What it owns already the order of
    /// revocation ends.</summary>
    bool IsOver(scoped in Request request, Caller caller) =>
        caller.EndsAt <= request.Now
        || (caller != request.Allocation?.Owner && _ledger.IsDenied(request.Now, caller.Subject));

    /// <summary>The checks against a bid-down (RFC 8489 §9.2.1, §9.2.4). False when the request breaks one.</summary>
    static bool TryChooseAlgorithm(scoped ref Request request, ref PasswordAlgorithm algorithm)
    {
        var one = request.Message.ReadPasswordAlgorithm(out var chosen);
        var list = request.Message.ReadPasswordAlgorithms(out var echoed);
        // "neither ... processed as though PASSWORD-ALGORITHM were MD5"
        if (one == Reading.Absent && list == Reading.Absent) return true;
        // "unless (1) ... both present, (2) PASSWORD-ALGORITHMS matches the value sent ..., and (3) PASSWORD-ALGORITHM matches
        // one of the entries"
        if (one != Reading.Present || list != Reading.Present || !echoed.Value.SequenceEqual(OfferedAlgorithms)) return false;
        if (!echoed.Contains(chosen)) return false;
        algorithm = (PasswordAlgorithm)chosen;
        request.ReplyIntegrity = Integrity.Sha256;
        return true;
    }

    /// <summary>Finds the credential whose key made the integrity attribute; null when there is none.</summary>
    Caller? Prove(scoped in Request request, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm)
    {
        // Within an allocation, and while one is being opened, the key is known: a time-limited credential that has run out since
        // still refreshes, and a token's holder comes without the token.
        var isRefresh = request.Message.Method == StunMethod.Refresh;
        var isKnown = false;
        foreach (var known in Known(request))
        {
            if (known?.IsNamed(username, algorithm) != true || !IsHere(request, known)) continue;
            isKnown = true;
            if (!Verifies(request, known)) continue;
            // A credential that ends may have been given more time, or other limits, under the same name since.
            var isLasting = !isRefresh || known.EndsAt == Instant.MaxValue || known.Token is not null;
            var fresh = isLasting ? null : Find(request, username, algorithm);
            return fresh?.Subject == known.Subject ? fresh : known;
        }

        return isKnown && !isRefresh ? null : Find(request, username, algorithm);
    }

    /// <summary>Whether a caller is of the realm that the request names: the same name in another realm is another's. Of a token the kid
    /// says the realm, and REALM only which challenge it answers.</summary>
    static bool IsHere(scoped in Request request, Caller known) =>
        known.Token is not null || known.Subject.Realm == request.Realm!.SubjectRealm;

    /// <summary>Who has proved himself on this five-tuple before, or on that of the allocation that a ConnectionBind is about.</summary>
    ReadOnlySpan<Caller?> Known(scoped in Request request)
    {
        _known[0] = request.Allocation?.Owner;
        _known[1] = request.Allocation?.Former;
        _known[2] = _openings.GetValueOrDefault(request.Path.FiveTuple)?.Caller;
        _known[3] = request.Connection?.Allocation.Owner;
        _known[4] = request.Connection?.Allocation.Former;
        return _known;
    }

    Caller? Find(scoped in Request request, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm)
    {
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            if (!request.Realm!.Verifier.TryFind(request.Now, username, algorithm, attempt, out var found))
            {
                // An unknown name costs what a wrong password costs, so that time tells nothing.
                if (attempt == 0) Verifies(request, _nobody);
                return null;
            }

            if (Verifies(request, found.Key)) return new(Bytes.Copy(username), found, algorithm);
        }

        return null;
    }

    /// <summary>RFC 7635 §7: the key of the authorization server by kid, the token under it, its time, and its key over the
    /// message; 401 where one of them is wrong.</summary>
    Caller? ProveByToken(scoped in Request request, ReadOnlySpan<byte> kid, ReadOnlySpan<byte> token)
    {
        // RFC 7635 §9: a token that was opened before is not opened again.
        foreach (var known in Known(request))
            if (known?.Has(kid, token) == true)
                return Verifies(request, known) ? known : null;
        // The key says the realm: an authorization server speaks for its own, whatever its client was challenged with.
        if (_realms.OfKid(kid)?.Tokens is not { } tokens) return null;
        if (tokens.Open(request.Now, kid, token) is not { } caller) return null;
        if (Verifies(request, caller)) return caller;
        // coturn keys its HMAC with the first 16 bytes of the 20; whoever knows these knows a secret of 128 bits.
        return tokens.Open(request.Now, kid, token, isCut: true) is { } cut && Verifies(request, cut) ? cut : null;
    }

    bool Verifies(scoped in Request request, Caller caller) =>
        (caller.Integrity is not { } only || request.Message.Integrity == only) && Verifies(request, caller.Key);

    bool Verifies(scoped in Request request, IntegrityKey key)
    {
        Counters.CredentialsTried++;
        return request.Message.Verify(key);
    }

    /// <summary>401 or 438, with all that a client needs to try again.</summary>
    Forward Challenge(scoped in Request request, ErrorCode code)
    {
        var realm = request.Realm ?? _realms.OfOrigin(request.Message);
        var writer = new StunWriter(request.Head, StunClass.Error, request.Message.Method, request.Message.TransactionId);
        // No phrase: a stranger's request must not be answered with much more than it had.
        writer.AddErrorCode(code, []);
        writer.Add(AttributeType.Realm, realm.Name);
        Span<byte> nonce = stackalloc byte[StatelessNonce.Length];
        realm.Nonces.Write(nonce, request.Now, request.Path.FiveTuple.Client);
        writer.Add(AttributeType.Nonce, nonce);
        // RFC 7635 §6.1: beside the password's challenge, so that one listener serves both kinds of client.
        if (realm.Tokens is { } tokens) writer.Add(AttributeType.ThirdPartyAuthorization, tokens.ServerName);
        writer.Add(AttributeType.PasswordAlgorithms, OfferedAlgorithms);
        return Finish(request, ref writer, code);
    }

    /// <summary>400 to one who is not proved: it carries no integrity and no challenge (RFC 8489 §9.2.4).</summary>
    Forward BadRequest(scoped in Request request)
    {
        var writer = new StunWriter(request.Head, StunClass.Error, request.Message.Method, request.Message.TransactionId);
        writer.AddErrorCode(ErrorCode.BadRequest, []);
        return Finish(request, ref writer, ErrorCode.BadRequest);
    }

    /// <summary>PASSWORD-ALGORITHMS as it is sent and must come back: SHA-256, then MD5, without parameters.</summary>
    static ReadOnlySpan<byte> OfferedAlgorithms =>
        [0, (byte)PasswordAlgorithm.Sha256, 0, 0, 0, (byte)PasswordAlgorithm.Md5, 0, 0];

    static bool Refuse(out Forward refusal, Forward reply)
    {
        refusal = reply;
        return false;
    }
}
