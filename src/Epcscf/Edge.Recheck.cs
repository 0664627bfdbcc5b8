using Portunus.Bedrock;

namespace Portunus.Epcscf;

public sealed partial class Edge
{
    /// <summary>
    /// From now on the token of this registration is looked at again, where that is wanted. A refresh puts nothing off: who
    /// refreshes often would never be looked at.
    /// </summary>
    void WatchToken(Instant now, Registration registration)
    {
        if (registration.Token is not { Token: not null } || _settings.Tokens?.Recheck is not { } interval)
            _rechecks.Cancel(registration.Number);
        else if (!_rechecks.TryGet(registration.Number, out _))
            _rechecks.Set(registration.Number, now + interval);
    }

    void OnRecheckDue(Instant now, ulong number)
    {
        if (_registrations.OfNumber(number) is not { Token.Token: { } token } registration) return;
        WatchToken(now, registration);
        // Without room for the question the next turn asks it.
        var question = new EdgeQuestion.VerifyToken(token, IsRecheck: true);
        Ask(now, new Kept.Recheck(registration), question, _settings.Tokens!.Patience);
    }

    /// <summary>Only a token that is known to be bad ends anything: who cannot be asked now is asked again.</summary>
    void OnRechecked(Instant now, Kept.Recheck kept, EdgeAnswer answer)
    {
        if (kept.Registration.Token == kept.Token && answer is EdgeAnswer.NotVerified { Fault: not TokenFault.Unavailable })
            Expel(now, kept.Registration, EdgeEvent.Revoked);
    }

    /// <summary>Ends a registration against the will of its WIC, whose WebSocket is closed.</summary>
    void Expel(Instant now, Registration registration, EdgeEvent why)
    {
        if (_registrations.OfNumber(registration.Number) != registration) return;
        var flow = registration.Flow;
        End(now, registration, why);
        Deregister(now, registration);
        if (flow is { } id) _effects.Enqueue(new EdgeEffect.CloseFlow(id));
    }
}
