using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

public sealed partial class Cscf
{
    // Parameters of Authorization that only the network writes (TS 24.229 §7.2A.2, TS 33.203 X.3).
    const string IntegrityProtected = "integrity-protected";
    const string AuthorizationEntity = "authorization-entity";

    const string AnsweredBefore = "tls-yes";
    const string AuthenticatedByNode = "auth-done";

    /// <summary>
    /// Whose REGISTER this is. True with the subscriber that proved itself; false when the run asked, or answered. A name that
    /// nobody has meets the same as a wrong password.
    /// </summary>
    bool TryAuthenticate(Instant now, Kept kept, out Subscriber subscriber)
    {
        var credentials = DigestCredentials.Of(kept.Request, realm: _settings.HomeDomain);
        // TS 24.229 §5.4.1.1 item 3: without credentials the user is known by To.
        var name = credentials is { Username.Length: > 0 } ? credentials.Username : PrivateIdentityOf(kept.Request.To!.Uri);
        if (!TryFind(now, kept, new(name, IsPublic: false), out var found))
        {
            subscriber = null!;
            return false;
        }

        subscriber = found!;
        if (found is not null && IsVouch(credentials)) return TryTrust(now, kept, found, credentials);

        if (credentials is not { IsUnanswered: false, Qop: "auth", IsComplete: true }
            || _nonces.Judge(now, credentials.Nonce) is var nonce && nonce is NonceVerdict.NotOurs)
        {
            Challenge(now, kept, found, isStale: false);
            return false;
        }

        if (_guesses.IsClosed(now, name) && !IsRefresh(kept.Request))
        {
            Answer(now, kept, 503);
            return false;
        }

        // RFC 3261 §22.4: the URI that the answer covers is the one that was asked for.
        var secret = found?.Secrets.FirstOrDefault(one => one.Algorithm == credentials.Algorithm) ?? _decoy;
        var isRight = secret.Verify(credentials, SipMethod.Register) && found is not null && secret != _decoy
            && SipUri.TryParse(credentials.Uri, out var uri) && uri.AddressOfRecord == kept.Request.RequestUri!.AddressOfRecord;
        if (!isRight)
        {
            if (_guesses.Count(now, name)) _effects.Enqueue(new CscfEffect.Audit(CscfEvent.Throttled, name));
            Forbid(now, kept, name);
            return false;
        }

        _guesses.Forgive(name);
        if (!_nonces.HasRoomFor(credentials.Nonce))
        {
            Answer(now, kept, 503);
            return false;
        }

        // RFC 7616 §3.3: stale is only said to one who knows the password. A count that was used before is a replay.
        if (nonce is NonceVerdict.Fresh && _nonces.TryCount(now, credentials.Nonce, credentials.NonceCount!.Value)) return true;
        Challenge(now, kept, found, isStale: true);
        return false;
    }

    /// <summary>
    /// Whether the edge says that there is nothing to check: this flow answered its challenge before (TS 24.229 §5.4.1.2.1), or
    /// the edge itself authenticated the user (trusted node authentication, TS 33.203 Annex U).
    /// </summary>
    static bool IsVouch([NotNullWhen(true)] DigestCredentials? credentials) =>
        credentials?.Parameters[IntegrityProtected] is AnsweredBefore or AuthenticatedByNode;

    /// <summary>Whether any line vouches, whatever its realm and place.</summary>
    static bool HasVouch(SipMessage register) => register.Headers.Any(header =>
        header.Name == HeaderName.Authorization && DigestCredentials.TryParse(header.Value, out var one) && IsVouch(one));

    /// <summary>
    /// What is left to check of a vouched-for REGISTER: who signed the user in may not do so for everybody (TS 29.229,
    /// Allowed-WAF-WWSF-Identities).
    /// </summary>
    bool TryTrust(Instant now, Kept kept, Subscriber subscriber, DigestCredentials credentials)
    {
        if (credentials.Parameters[IntegrityProtected] == AnsweredBefore) return true;
        if (subscriber.Allows(credentials.Parameters[AuthorizationEntity])) return true;
        Forbid(now, kept, subscriber.Impi);
        return false;
    }

    /// <summary>
    /// Whether a binding is refreshed over the flow that made it: nobody else has its Path, so whoever guesses cannot keep out
    /// who is in.
    /// </summary>
    bool IsRefresh(SipMessage register)
    {
        var path = register.GetAll(HeaderName.Path);
        return register.Contacts is [var contact] && _locations.Of(register.To!.Uri.AddressOfRecord) is { } location
            && location.Bindings.Exists(one => one.IsOf(contact) && one.Path.SequenceEqual(path));
    }

    /// <summary>One challenge for each algorithm, the best on top (RFC 8760 §2.3).</summary>
    void Challenge(Instant now, Kept kept, Subscriber? subscriber, bool isStale)
    {
        var response = Response(kept, 401);
        var nonce = _nonces.New(now);
        // Whom the web signs in has no digest, and is as good as nobody here.
        var offered = subscriber is { Secrets.Count: > 0 }
            ? subscriber.Secrets.Select(secret => secret.Algorithm)
            : _settings.UnknownAreOffered;
        foreach (var algorithm in offered)
            response.Add(HeaderName.WwwAuthenticate, new DigestChallenge(_settings.HomeDomain, nonce, algorithm, isStale));
        Answer(now, kept, response);
    }

    /// <summary>TS 23.003 §13.3: without one of its own, a private identity is the public one without its scheme.</summary>
    static string PrivateIdentityOf(SipUri identity) =>
        identity.AddressOfRecord is var text ? text[(text.IndexOf(':') + 1)..] : "";
}
