using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

// Access tokens in place of Digest (RFC 8898).
public sealed partial class UserAgent
{
    /// <summary>The newest; null where Digest is spoken.</summary>
    string? _token;

    /// <summary>A challenge was told of since the last registration: another is a refusal.</summary>
    bool _wasChallenged;

    /// <summary>A token came while a REGISTER with the one before was on its way.</summary>
    bool _hasUnusedToken;

    /// <summary>
    /// Shows another token from now on, and registers again under it: the registration lives as long as the token of its last
    /// REGISTER.
    /// </summary>
    public void UseToken(Instant now, string token)
    {
        _token = token;
        // RFC 3261 §10.2: one REGISTER at a time.
        if (_errands.Values.Any(errand => errand is Errand.Registration)) _hasUnusedToken = true;
        else if (_wantsRegistration && _isFlowOpen) SendRegister(now);
        Settle(now);
    }

    /// <summary>RFC 8898 §2.2. A REGISTER of a client with a token carries nothing else.</summary>
    void AddToken(SipMessage request)
    {
        if (_token is { } token) request.Set(HeaderName.Authorization, $"{AuthScheme.Bearer} {token}");
    }

    /// <summary>Whether a refusal is a challenge that another token may meet; it is told of then.</summary>
    bool TryAskToken(SipMessage? response)
    {
        if (_token is null || !_settings.CanRenewToken || _wasChallenged || response is null) return false;
        if (BearerChallenge.Of(response) is not { } challenge) return false;
        _wasChallenged = true;
        _effects.Enqueue(new UserAgentEffect.Challenged(challenge));
        return true;
    }
}
