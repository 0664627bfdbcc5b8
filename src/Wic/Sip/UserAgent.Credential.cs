using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Wic;

// TURN credentials in a header of W2: asked for in REGISTER and OPTIONS, taken from their 2xx and from an INVITE.
public sealed partial class UserAgent
{
    Instant? _credentialAt;

    /// <summary>
    /// Asks for a fresh credential now: <see cref="UserAgentEffect.Provided"/>, or
    /// <see cref="UserAgentEffect.Withheld"/>, follows.
    /// </summary>
    public void Renew(Instant now)
    {
        AskCredential(now);
        Settle(now);
    }

    void AddCredentialRequest(SipMessage request)
    {
        if (_settings.CredentialRequest is { } wanted) request.Add(_settings.CredentialRequestHeader, wanted);
    }

    /// <summary>An OPTIONS to the home domain, which the edge answers itself with a fresh credential.</summary>
    void AskCredential(Instant now)
    {
        _credentialAt = null;
        var request = NewRequest(SipMethod.Options, SipUri.Of(null, _settings.Identity.Host));
        AddCredentialRequest(request);
        if (!TrySend(now, request, new Errand.Credential())) _effects.Enqueue(new UserAgentEffect.Withheld(503));
    }

    void OnCredentialResponse(Instant now, int status, SipMessage? response)
    {
        if (status >= 300 || !TakeCredential(now, response!)) _effects.Enqueue(new UserAgentEffect.Withheld(status, WarningText(response)));
    }

    /// <summary>The quoted text of a Warning: code, agent, text.</summary>
    static string? WarningText(SipMessage? response)
    {
        if (response?.Get(HeaderName.Of("Warning")) is not { } warning) return null;
        var (from, to) = (warning.IndexOf('"'), warning.LastIndexOf('"'));
        return from >= 0 && to > from ? warning[(from + 1)..to] : null;
    }

    /// <summary>One header line is one credential; false when none can be read.</summary>
    bool TakeCredential(Instant now, SipMessage message)
    {
        Instant? renewAt = null;
        foreach (var line in message.GetAll(_settings.CredentialHeader))
        {
            if (!TypedValue.TryParse(line, out var value)) continue;
            NameValue[] pairs = [.. value.Parameters.Select(p => new NameValue(p.Name, p.Value ?? "", p.Quoted))];
            if (!TurnCredential.TryRead(value.Type, pairs, out var credential)) continue;
            // Expired credentials in long-lived clients are a field problem: a new one at half life.
            renewAt = Instant.Earliest(renewAt, now + TimeSpan.FromSeconds(credential.Ttl / 2.0));
            _effects.Enqueue(new UserAgentEffect.Provided(credential));
        }

        if (renewAt is null) return false;
        _credentialAt = renewAt;
        return true;
    }
}
