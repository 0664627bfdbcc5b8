using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

// Registration with SIP Digest (RFC 3261 §10.2, §22; RFC 7616, RFC 8760; RFC 5626 §4.2; TS 24.229 §5.1.1).
public sealed partial class UserAgent
{
    const uint FirstSequence = 1;

    /// <summary>A day: nobody who wants a longer binding of a WebSocket can be obliged.</summary>
    const uint MostExpires = 86_400;

    /// <summary>A first challenge, a nonce that went stale on the way, and one more.</summary>
    const int Attempts = 3;

    /// <summary>RFC 5626 §4.5: the base of the wait after a failure is 30 s, doubled with each, up to 30 minutes.</summary>
    static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(30);

    static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(30);

    readonly NameAddress _registerFrom;
    readonly string _registerCallId;
    readonly DigestSession _digest;
    uint _registerSequence;
    IReadOnlyList<NameAddress> _serviceRoutes = [];
    TimeSpan _expires;
    bool _wantsRegistration;
    int _failures;
    Instant? _registerAt;

    /// <summary>Whether the open flow has a binding, as far as the registrar said.</summary>
    public bool IsRegistered { get; private set; }

    /// <summary>Wants to be registered: now, and again on each new flow, until <see cref="Deregister"/>.</summary>
    public void Register(Instant now)
    {
        _wantsRegistration = true;
        if (_isFlowOpen) SendRegister(now);
        Settle(now);
    }

    /// <summary>Takes the binding away (§10.2.2): <see cref="UserAgentEffect.Unregistered"/> follows.</summary>
    public void Deregister(Instant now)
    {
        _wantsRegistration = false;
        _credentialAt = null;
        if (_isFlowOpen) SendRegister(now);
        Settle(now);
    }

    void SendRegister(Instant now, int attempt = 1)
    {
        _registerAt = null;
        _hasUnusedToken = false;
        var expires = _wantsRegistration ? _expires : TimeSpan.Zero;
        var registrar = SipUri.Of(null, _settings.Identity.Host);
        var to = new NameAddress(_settings.Identity);
        var request = SipMessage.Request(SipMethod.Register, registrar, _registerFrom, to, _registerCallId, ++_registerSequence);
        request.Add(HeaderName.Contact, _contact);
        request.Add(HeaderName.Expires, ((int)expires.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        request.Add(HeaderName.Supported, "path, outbound");
        if (_token is null)
            request.Add(HeaderName.Authorization, _digest.Authorize(SipMethod.Register, registrar.ToString()));
        if (_wantsRegistration) AddCredentialRequest(request);
        TrySend(now, request, new Errand.Registration(attempt, expires));
    }

    void OnRegisterResponse(Instant now, Errand.Registration registration, int status, SipMessage? response)
    {
        // A wish that changed in the meantime has sent its own REGISTER.
        if ((registration.Expires > TimeSpan.Zero) != _wantsRegistration) return;
        switch (status)
        {
            case 401 when _wantsRegistration && _hasUnusedToken:
                SendRegister(now);
                break;
            case 401 when _wantsRegistration && TryAskToken(response):
                break;
            case 401 when registration.Attempt < Attempts && _digest.TryMeet(response!, registration.Attempt > 1):
                SendRegister(now, registration.Attempt + 1);
                break;
            case 423 when _wantsRegistration && registration.Attempt < Attempts && TakeMinimum(response):
                SendRegister(now, registration.Attempt + 1);
                break;
            case < 300 when !_wantsRegistration:
                Unregister(200);
                break;
            case < 300:
                OnRegistered(now, registration, response!);
                break;
            default:
                var patience = RetryAfter(response);
                Unregister(status, patience);
                if (_wantsRegistration && _isFlowOpen && status is 408 or >= 500)
                    _registerAt = now + (NextWait() is var wait && patience > wait ? patience.Value : wait);
                break;
        }
    }

    /// <summary>§10.2.8: a registrar that keeps no binding for so short a time says what it keeps one for.</summary>
    bool TakeMinimum(SipMessage? response)
    {
        if (response?.Number(HeaderName.MinExpires) is not { } seconds || seconds > MostExpires) return false;
        var least = TimeSpan.FromSeconds(seconds);
        if (least <= _expires) return false;
        _expires = least;
        return true;
    }

    /// <summary>
    /// §20.33: seconds, and what may follow them; nobody can make this client wait for longer than it would ever.
    /// </summary>
    static TimeSpan? RetryAfter(SipMessage? response)
    {
        ReadOnlySpan<char> digits = response?.Get(HeaderName.RetryAfter);
        if (digits.IndexOfAnyExceptInRange('0', '9') is >= 0 and var end) digits = digits[..end];
        if (!uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)) return null;
        var wait = TimeSpan.FromSeconds(seconds);
        return wait < LongestWait ? wait : LongestWait;
    }

    void OnRegistered(Instant now, Errand.Registration registration, SipMessage response)
    {
        (_failures, _wasChallenged) = (0, false);
        _serviceRoutes = response.ServiceRoutes;
        var mine = response.Contacts.FirstOrDefault(c => c.Uri.IsEquivalentTo(_contact.Uri));
        var expires = TimeSpan.FromSeconds(mine?.Expires ?? response.Expires ?? (uint)registration.Expires.TotalSeconds);
        // TS 24.229 §5.1.1.4.1: 600 s before the end where more than 1200 s were given, else at half of it.
        _registerAt = now + (expires > TimeSpan.FromSeconds(1200) ? expires - TimeSpan.FromSeconds(600) : expires / 2);
        IsRegistered = true;
        _effects.Enqueue(new UserAgentEffect.Registered(expires));
        if (!TakeCredential(now, response) && _settings.CredentialRequest is not null)
            _effects.Enqueue(new UserAgentEffect.Withheld(response.Status, WarningText(response)));
        if (_hasUnusedToken) SendRegister(now);
    }

    void Unregister(int status, TimeSpan? retryAfter = null)
    {
        IsRegistered = false;
        _credentialAt = null;
        _effects.Enqueue(new UserAgentEffect.Unregistered(status) { RetryAfter = retryAfter });
    }

    /// <summary>RFC 5626 §4.5: between half of it and all of it, by chance, so that clients do not come back together.</summary>
    TimeSpan NextWait()
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(_failures++, 6));
        if (wait > LongestWait) wait = LongestWait;
        return (wait / 2) + TimeSpan.FromMilliseconds(_random.Next((int)(wait / 2).TotalMilliseconds));
    }
}
