using System.Diagnostics.CodeAnalysis;
using System.Text;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>
/// A small home core as one machine: registrar and proxy, standing for I-CSCF and S-CSCF; asks the outside for what the HSS
/// knows. Its neighbours are edges; which of them it trusts, its owner says with each message.
/// </summary>
/// <remarks>
/// After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.
/// A message handed in is the machine's own from then on. A run either asks or acts.
/// </remarks>
public sealed partial class Cscf
{
    readonly MessageCheck _check = new() { IsProxy = true };
    readonly CscfSettings _settings;
    readonly IRandom _random;
    readonly HostPort _host;
    readonly LocationTable _locations = new();
    readonly NonceBook _nonces;
    readonly GuessBook _guesses;
    readonly DigestSecret _decoy;
    readonly Pending<Kept> _questions;
    readonly WatcherTable _watchers;
    readonly ProxyCore<Mw, Note> _proxy;
    readonly Queue<CscfEffect> _effects = new();

    /// <param name="settings">Validated here.</param>
    /// <param name="random">For nonces, branches and tags.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public Cscf(CscfSettings settings, IRandom random)
    {
        (_settings, _random) = (settings.Validated(), random);
        HostPort.TryParse(Encoding.UTF8.GetBytes(settings.Host), out _host);
        _nonces = new(settings.NonceKey, settings.NonceLifetime, settings.Nonces, random);
        _guesses = new(settings.Guesses, settings.GuessWindow, settings.GuessedNames);
        _decoy = DigestSecret.Of(DigestAlgorithm.Md5, "", settings.HomeDomain, random.NextToken(32));
        _questions = new(settings.Questions);
        _watchers = new(settings.Watchers, settings.WatchersPerIdentity);
        _proxy = new(new() { Capacity = settings.Transactions });
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(
        _proxy.NextDeadline, _questions.NextDeadline, _locations.NextDeadline, _nonces.NextDeadline, _watchers.NextDeadline);

    /// <summary>A neighbour on Mw sent this.</summary>
    /// <param name="now">The moment.</param>
    /// <param name="message">The machine's own from here on.</param>
    /// <param name="isTrusted">
    /// Whether its word counts: who was authenticated (TS 33.203 Annex U) and who calls (RFC 3325). An edge of this network, as
    /// configured.
    /// </param>
    public void OnEdge(Instant now, SipMessage message, bool isTrusted = true)
    {
        // RFC 3325 §5: who is asserted by a stranger is not.
        if (!isTrusted) message.Remove(HeaderName.PAssertedIdentity);
        var refusal = message.IsRequest ? _check.Request(message) : null;
        if (refusal is not null)
        {
            if (refusal.TryAnswer(message, NewTag(), out var answer)) _proxy.SendApart(default, answer);
        }
        else if (!isTrusted && message is { IsRequest: true, Method: SipMethod.Register } && HasVouch(message))
        {
            // TS 24.229 §5.3.1.2: a REGISTER from outside of the trust domain is 403.
            _proxy.SendApart(default, SipMessage.Response(message, 403, "Not a trusted node", NewTag()));
            _effects.Enqueue(new CscfEffect.Audit(CscfEvent.Untrusted, message.From!.Uri.AddressOfRecord));
        }
        else if (message.IsRequest || _check.Response(message) is null)
        {
            _proxy.OnMessage(now, default, message);
        }

        Settle(now);
    }

    /// <summary>The HSS answered: the subscriber, or null when nobody has this identity. Late answers are ignored.</summary>
    public void OnAnswer(Instant now, AskId ask, Subscriber? answer)
    {
        if (!_questions.TryClose(ask, out var kept)) return;
        kept.Put(answer);
        Run(now, kept);
        Settle(now);
    }

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
        _nonces.OnDeadline(now);
        while (_locations.TryPopExpired(now, out var binding))
        {
            Tell(now, binding, RegInfoEvent.Expired);
            Report(CscfEvent.Expired, binding.Owner);
        }

        while (_watchers.TryPopExpired(now, out var watcher))
        {
            watcher.Ending = "timeout";
            _watchers.Wake(watcher);
        }

        while (_questions.TryExpire(now, out _, out var kept))
        {
            kept.IsSilent = true;
            Run(now, kept);
        }

        _proxy.OnDeadline(now);
        Settle(now);
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out CscfEffect? effect) => _effects.TryDequeue(out effect);

    void Settle(Instant now)
    {
        Decide(now);
        Notify(now);
        Decide(now);
    }

    /// <summary>Decides all that the proxy core has to be decided.</summary>
    void Decide(Instant now)
    {
        while (_proxy.TryTake(now, out var effect))
        {
            switch (effect)
            {
                case ProxyEffect<Mw, Note>.ToTransport send:
                    _effects.Enqueue(new CscfEffect.ToEdge(send.Message.Copy()));
                    break;
                case ProxyEffect<Mw, Note>.Request request:
                    Run(now, new(request.Context, request.Message));
                    break;
                case ProxyEffect<Mw, Note>.Ack ack:
                    FollowRoute(ack.Message);
                    break;
                case ProxyEffect<Mw, Note>.Response response:
                    OnResponse(now, response.Branch, response.Message);
                    break;
            }
        }
    }

    /// <summary>One run over a request, from its first check.</summary>
    void Run(Instant now, Kept kept)
    {
        if (kept.IsSilent) Answer(now, kept, 504);
        else if (kept.Request.Method == SipMethod.Register) Register(now, kept);
        else if (IsForRegEvents(kept.Request)) Watch(now, kept);
        else Route(now, kept);
    }

    /// <summary>True when the answer is there; else the run asks, or has no room to, and does nothing else.</summary>
    bool TryFind(Instant now, Kept kept, FindSubscriber question, out Subscriber? subscriber)
    {
        if (kept.TryGet(question, out subscriber)) return true;
        kept.Asked = question;
        if (_questions.TryOpen(kept, now + _settings.AskTimeout, out var id))
            _effects.Enqueue(new CscfEffect.Ask(id, question, now + _settings.AskTimeout));
        else
            Answer(now, kept, 503);
        return false;
    }

    /// <summary>403, and the operator hears of it.</summary>
    void Forbid(Instant now, Kept kept, string subject)
    {
        _effects.Enqueue(new CscfEffect.Audit(CscfEvent.Refused, subject));
        Answer(now, kept, 403);
    }

    void Answer(Instant now, Kept kept, int status, string? reason = null) => Answer(now, kept, Response(kept, status, reason));

    void Answer(Instant now, Kept kept, SipMessage response) => _proxy.Respond(now, kept.Context, response);

    SipMessage Response(Kept kept, int status, string? reason = null)
    {
        var response = SipMessage.Response(kept.Request, status, reason, NewTag());
        // RFC 3261 §21.5.4: who is told when to come back does not hammer.
        if (status == 503) response.Add(HeaderName.RetryAfter, Whole.Seconds(_settings.RetryAfter));
        return response;
    }

    void Report(CscfEvent what, Location location) => _effects.Enqueue(new CscfEffect.Audit(what, location.Impi));

    string NewTag() => _random.NextToken(12);
}
