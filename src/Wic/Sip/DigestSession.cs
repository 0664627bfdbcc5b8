using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>
/// What a client keeps of Digest between its requests: the last challenge and how often it was answered (RFC 7616 §3.3).
/// </summary>
sealed class DigestSession(UserAgentSettings settings, IRandom random)
{
    DigestChallenge? _challenge;
    DigestSecret? _secret;
    uint _count;

    /// <summary>Takes a 401 in; false when there is nothing to be gained from another try.</summary>
    /// <param name="response">With its challenges.</param>
    /// <param name="isFresh">Whether the request answered a challenge that had just come.</param>
    public bool TryMeet(SipMessage response, bool isFresh)
    {
        if (settings.Password is null) return false;
        // RFC 8760 §2.4: the topmost that is understood.
        if (DigestChallenge.Choose(response) is not { } challenge) return false;
        // RFC 7616 §3.3: a fresh answer that was refused, and not for the age of its nonce, was wrong.
        if (isFresh && !challenge.IsStale) return false;
        (_challenge, _count) = (challenge, 0);
        _secret = DigestSecret.Of(challenge.Algorithm!.Value, settings.PrivateIdentity, challenge.Realm, settings.Password);
        return true;
    }

    /// <summary>The value of Authorization for a request; before the first challenge one that only says who asks.</summary>
    public string Authorize(string method, string uri)
    {
        // TS 24.229 §5.1.1.2.2: the initial REGISTER names the private identity; nonce and response are empty.
        if (_challenge is not { } challenge)
            return new DigestCredentials(
            [
                new("username", settings.PrivateIdentity, Quoted: true), new("realm", settings.Identity.Host, Quoted: true),
                new("nonce", "", Quoted: true), new("uri", uri, Quoted: true), new("response", "", Quoted: true),
            ]).ToHeaderText();
        return DigestCredentials.Answer(
            challenge, settings.PrivateIdentity, _secret!, method, uri, random.NextToken(16), ++_count).ToHeaderText();
    }
}
