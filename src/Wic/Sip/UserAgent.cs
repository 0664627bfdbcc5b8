using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Wic;

/// <summary>
/// The SIP user agent of a WebRTC IMS client: registers over one WebSocket at a time (RFC 7118, RFC 5626), asks the
/// eP-CSCF for TURN credentials, calls and is called (RFC 3261). The join opens the WebSocket, again after a loss.
/// </summary>
/// <remarks>
/// After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.
/// </remarks>
public sealed partial class UserAgent
{
    readonly UserAgentSettings _settings;
    readonly IRandom _random;
    readonly Queue<UserAgentEffect> _effects = new();
    readonly TransactionLayer<ulong> _layer = new();
    readonly Dictionary<TransactionId, Errand> _errands = [];
    readonly string _host;
    readonly NameAddress _contact;
    ulong _flow;
    bool _isFlowOpen;

    /// <param name="settings">Who it is.</param>
    /// <param name="random">For names, branches and tags.</param>
    public UserAgent(UserAgentSettings settings, IRandom random)
    {
        (_settings, _random) = (settings, random);
        // RFC 7118 §5.1: a browser has no address to be reached at, and says so.
        _host = $"{random.NextToken(12)}.invalid";
        _contact = new NameAddress(SipUri.Of(random.NextToken(8), _host).With("transport", "ws"))
            .With("reg-id", "1")
            .With("+sip.instance", $"<urn:uuid:{NewUuid()}>", quoted: true);
        _registerFrom = NewFrom();
        _registerCallId = random.NextToken(22);
        _digest = new DigestSession(settings, random);
        (_expires, _token) = (settings.Expires, settings.Token);
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(_layer.NextDeadline, _answers.Next, _registerAt, _credentialAt);

    /// <summary>A WebSocket to the edge is open; the one before, if any, is gone.</summary>
    public void OnFlowOpened(Instant now)
    {
        OnFlowClosed(now);
        _flow++;
        _isFlowOpen = true;
        if (_wantsRegistration) SendRegister(now);
        Settle(now);
    }

    /// <summary>The WebSocket is gone: its transactions fail, its binding is not to be counted on; answered calls stay.</summary>
    public void OnFlowClosed(Instant now)
    {
        if (!_isFlowOpen) return;
        _isFlowOpen = false;
        (_registerAt, _credentialAt) = (null, null);
        _layer.OnPathClosed(now, _flow);
        Settle(now);
        if (IsRegistered) Unregister(503);
    }

    /// <summary>The edge sent this.</summary>
    public void OnMessage(Instant now, SipMessage message)
    {
        // What lacks the headers of §8.1.1 is neither answered nor believed: the edge would not have passed it on.
        if (!_isFlowOpen || message is { From: null } or { To: null } or { CallId: null } or { CSeq: null }) return;
        _layer.OnMessage(now, _flow, message);
        Settle(now);
    }

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
        _layer.OnDeadline(now);
        if (_registerAt <= now) SendRegister(now);
        if (_credentialAt <= now) AskCredential(now);
        while (_answers.TryPop(now, out var call)) RepeatAnswer(now, call);
        Settle(now);
    }

    /// <summary>Takes the next effect: messages are in their order, and so is what the user is told.</summary>
    public bool TryTake([NotNullWhen(true)] out UserAgentEffect? effect) => _effects.TryDequeue(out effect);

    /// <summary>Does what the transactions say, until they say nothing more.</summary>
    void Settle(Instant now)
    {
        while (_layer.TryTake(out var effect))
        {
            switch (effect)
            {
                case TransactionEffect<ulong>.ToTransport(var flow, var message):
                    if (flow == _flow && _isFlowOpen) _effects.Enqueue(new UserAgentEffect.ToFlow(message));
                    break;
                case TransactionEffect<ulong>.Request(var id, _, var message, var cancels):
                    OnRequest(now, id, message, cancels);
                    break;
                case TransactionEffect<ulong>.Ack(_, var message):
                    OnAck(message);
                    break;
                case TransactionEffect<ulong>.Response(var id, var message):
                    if (_errands.TryGetValue(id, out var errand)) OnResponse(now, errand, message.Status, message);
                    break;
                case TransactionEffect<ulong>.Failed(var id, var why):
                    // §8.1.3.1: silence counts as a 408, a lost connection as a 503.
                    if (_errands.TryGetValue(id, out var failed))
                        OnResponse(now, failed, why == TransactionFailure.Timeout ? 408 : 503, null);
                    break;
                case TransactionEffect<ulong>.Ended(var id):
                    _errands.Remove(id);
                    break;
            }
        }
    }

    /// <summary>A response to a request of ours, or what stands for one.</summary>
    void OnResponse(Instant now, Errand errand, int status, SipMessage? response)
    {
        switch (errand)
        {
            case Errand.Registration registration when status >= 200:
                OnRegisterResponse(now, registration, status, response);
                break;
            case Errand.Credential when status >= 200:
                OnCredentialResponse(now, status, response);
                break;
            case Errand.Invitation invitation:
                OnInviteResponse(now, invitation.Call, status, response);
                break;
            case Errand.Text text when status >= 200:
                _effects.Enqueue(new UserAgentEffect.Delivered(text.To, status));
                break;
        }
    }

    /// <summary>Sends a request with a Via of its own; false when no WebSocket is open.</summary>
    bool TrySend(Instant now, SipMessage request, Errand errand)
    {
        if (!_isFlowOpen) return false;
        AddToken(request);
        request.Insert(HeaderName.Via, NewVia());
        if (!_layer.TrySend(now, _flow, request, out var id)) return false;
        _errands.Add(id, errand);
        return true;
    }

    /// <summary>A request outside of dialogs (§8.1.1) along the Service-Route (RFC 3608 §5).</summary>
    SipMessage NewRequest(string method, SipUri to)
    {
        var request = SipMessage.Request(method, to, NewFrom(), new NameAddress(to), _random.NextToken(22), FirstSequence);
        foreach (var route in _serviceRoutes) request.Add(HeaderName.Route, route);
        request.Set("P-Preferred-Identity", $"<{_settings.Identity}>");
        return request;
    }

    Via NewVia() => new("WS", _host, Via.MagicCookie + _random.NextToken(20));

    NameAddress NewFrom() => new NameAddress(_settings.Identity).With("tag", _random.NextToken(10));

    /// <summary>RFC 4122 §4.4: random, with version 4 and variant 10 in their places.</summary>
    string NewUuid()
    {
        Span<byte> bytes = stackalloc byte[16];
        _random.Fill(bytes);
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x40);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true).ToString();
    }

    /// <summary>Why a request was sent: what its response is for.</summary>
    abstract record Errand
    {
        /// <param name="Attempt">From 1; each challenge met makes one more.</param>
        /// <param name="Expires">What was asked for.</param>
        public sealed record Registration(int Attempt, TimeSpan Expires) : Errand;

        public sealed record Credential : Errand;

        public sealed record Invitation(Call Call) : Errand;

        public sealed record Text(SipUri To) : Errand;

        /// <summary>A BYE: what becomes of it changes nothing (§15.1.1).</summary>
        public sealed record Farewell : Errand;
    }
}
