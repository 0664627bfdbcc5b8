using System.Diagnostics.CodeAnalysis;
using System.Text;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// The eP-CSCF of TS 24.371 (its duties are numbered in docs/obligations.md) as one machine: SIP over WebSocket on one side
/// (W2), the core on the other (Mw). Every address-of-record has one shard; a shard changes only by the calls below, on one
/// thread at a time.
/// </summary>
/// <remarks>
/// After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.
/// A message handed in is the machine's own from then on. A keep-alive is no message: <see cref="KeepAlive"/> answers it at
/// the socket.
/// </remarks>
public sealed partial class Edge
{
    readonly ShardId _self;
    readonly EdgeSettings _settings;
    readonly WebScenario? _web;
    readonly PoolScenario? _pool;
    readonly IRandom _random;
    readonly Admission _admission;
    readonly CredentialHeaders _credentials;
    readonly HostPort _host;
    readonly ulong _generation;
    readonly RegistrationTable _registrations;
    readonly ProxyCore<Neighbour, Errand> _proxy;
    readonly Pending<Kept> _questions;
    readonly Deadlines<ulong> _rechecks = new();
    readonly Deadlines<ResponseContext<Neighbour, Errand>> _silence = new(ReferenceEqualityComparer.Instance);
    readonly Queue<EdgeEffect> _effects = new();
    IProvisioning _provisioning;

    /// <param name="self">Its number stands in every token, branch and tag that this machine makes.</param>
    /// <param name="settings">Validated here.</param>
    /// <param name="provisioning">How a TURN credential is provided.</param>
    /// <param name="random">For tokens, branches and the opaque part of usernames.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public Edge(ShardId self, EdgeSettings settings, IProvisioning provisioning, IRandom random)
    {
        (_self, _settings, _provisioning, _random) = (self, settings.Validated(), provisioning, random);
        HostPort.TryParse(Encoding.UTF8.GetBytes(settings.Host), out _host);
        (_admission, _credentials) = (new(settings, NewTag), new(settings));
        _generation = random.NextUInt64() & FlowToken.GenerationMask;
        if (settings.Tokens is { } tokens) (_web, _pool) = (new(settings, tokens), new(settings, tokens));
        _registrations = new(settings.Flows);
        _questions = new(settings.Questions);
        _watches = new(settings.Flows);
        _proxy = new(new() { Capacity = settings.Transactions, RetryAfter = settings.RetryAfter });
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => Instant.Earliest(
        _proxy.NextDeadline, _registrations.NextDeadline, _silence.Next, _questions.NextDeadline, _rechecks.Next,
        _farewells.Next, _watches.NextDeadline, _turn);

    /// <summary>A WIC sent this. Its first REGISTER makes the flow known here; what comes before is answered 403.</summary>
    public void OnW2(Instant now, FlowId flow, SipMessage message) => Take(now, Neighbour.Of(flow), message);

    /// <summary>A trusted neighbour in the core sent this.</summary>
    public void OnCore(Instant now, CorePath path, SipMessage message) => Take(now, Neighbour.Of(path), message);

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
        while (_silence.TryPop(now, out var register)) GiveUp(now, register);
        while (_questions.TryExpire(now, out _, out var kept)) Conclude(now, kept, new EdgeAnswer.Silence());
        TakeTurns(now);
        _proxy.OnDeadline(now);
        while (_registrations.TryPopUnregistered(now, out var flow)) _effects.Enqueue(new EdgeEffect.CloseFlow(flow));
        while (_registrations.TryPopEnded(now, out var registration)) OnEnded(now, registration);
        while (_rechecks.TryPop(now, out var number)) OnRecheckDue(now, number);
        TakeLeave(now);
        MindWatches(now);
        Settle(now);
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out EdgeEffect? effect) => _effects.TryDequeue(out effect);

    void Take(Instant now, Neighbour from, SipMessage message)
    {
        if (_admission.TryAdmit(message, from, _proxy.CountOf(from), out var answer)) _proxy.OnMessage(now, from, message);
        else if (answer is not null) _proxy.SendApart(from, answer);
        Settle(now);
    }

    /// <summary>Decides all that the proxy core has to be decided.</summary>
    void Settle(Instant now)
    {
        while (_proxy.TryTake(now, out var effect))
        {
            switch (effect)
            {
                case ProxyEffect<Neighbour, Errand>.ToTransport send:
                    Send(send.Path, send.Message);
                    break;
                case ProxyEffect<Neighbour, Errand>.Request { Context.Path.IsWic: true } request:
                    FromWic(now, new(request.Context), request.Message);
                    break;
                case ProxyEffect<Neighbour, Errand>.Request request:
                    FromCore(now, new(request.Context), request.Message);
                    break;
                case ProxyEffect<Neighbour, Errand>.Ack { Path.IsWic: true } ack:
                    AckFromWic(ack.Path.Flow, ack.Message);
                    break;
                case ProxyEffect<Neighbour, Errand>.Ack ack:
                    AckFromCore(ack.Message);
                    break;
                case ProxyEffect<Neighbour, Errand>.Response response:
                    OnResponse(now, response.Branch, response.Message, response.Failure);
                    break;
            }
        }
    }

    /// <summary>A copy goes out: the transaction layer keeps what it sent, and a receiver in the same process may edit.</summary>
    void Send(Neighbour to, SipMessage message) => _effects.Enqueue(
        to.IsWic ? new EdgeEffect.ToW2(to.Flow, message.Copy()) : new EdgeEffect.ToCore(to.Path, message.Copy()));

    void Refuse(Instant now, ResponseContext<Neighbour, Errand> context, int status, string? reason = null)
    {
        if (context.Path.IsWic) Report(EdgeEvent.Refused, context.Path.Flow, $"{context.Request.Method} {status} {reason}");
        _proxy.Respond(now, context, SipMessage.Response(context.Request, status, reason, NewTag()));
    }

    void RefuseBusy(Instant now, ResponseContext<Neighbour, Errand> context) =>
        _proxy.Respond(now, context, _admission.Busy(context.Request));

    /// <summary>Sends a request on with our Via, or answers 503 when there is no room; then it is false.</summary>
    bool Forward(Instant now, ResponseContext<Neighbour, Errand> context, Neighbour to, SipMessage request, Errand errand)
    {
        AddVia(request, to);
        if (_proxy.TryForward(now, context, to, request, errand)) return true;
        RefuseBusy(now, context);
        return false;
    }

    void AddVia(SipMessage request, Neighbour to) => request.Insert(HeaderName.Via, new Via(
        to.IsWic ? TransportOf(to.Flow) : _settings.CoreTransport, _host, [new("branch", Steering.NewBranch(_self, _random))]));

    void Report(EdgeEvent what, FlowId flow, string subject) => _effects.Enqueue(new EdgeEffect.Audit(what, flow, subject));

    string NewTag() => $"{_self}.{_random.NextToken(12)}";

    string Seal(TokenKind kind, ulong number, string bound = "") =>
        new FlowToken(kind, _self, _generation, number).Seal(_settings.TokenKey, bound);
}
