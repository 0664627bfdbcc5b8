using System.Globalization;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What a message must have before a transaction is made for it (obligations 3, 4, 8, 34, 37).</summary>
/// <param name="settings">Of the edge.</param>
/// <param name="newTag">For the To of an answer: only a 100 goes without (RFC 3261 §8.2.6.2).</param>
sealed class Admission(EdgeSettings settings, Func<string> newTag)
{
    // What a request gains on its way: Via, Record-Route, Route, asserted identity, charging and a credential, 2 kB at most.
    // Refused here it is a 513 (obligation 34); let in, it would be lost where it has become too large.
    const int Growth = 4096;

    // sec-agree may be demanded: it is taken away, not served (obligation 14).
    readonly MessageCheck _check = new() { IsProxy = true, Extensions = [SecurityAgreement.OptionTag] };

    readonly MessageCheck _checkOfWic = new()
    {
        IsProxy = true,
        Extensions = [SecurityAgreement.OptionTag],
        MaxBytes = SipLimits.MessageBytes - Growth,
    };

    /// <summary>Whether it goes on; if not, <paramref name="answer"/> is what its sender is owed, null when nothing.</summary>
    /// <param name="message">From either side.</param>
    /// <param name="from">Which.</param>
    /// <param name="busy">Transactions that are open there.</param>
    /// <param name="answer">To be sent apart from any transaction.</param>
    public bool TryAdmit(SipMessage message, Neighbour from, int busy, out SipMessage? answer)
    {
        answer = null;
        if (message.IsResponse) return _check.Response(message) is null;
        if ((from.IsWic ? _checkOfWic : _check).Request(message) is { } refusal)
        {
            refusal.TryAnswer(message, newTag(), out answer);
            return false;
        }

        if (!from.IsWic || message.Method == SipMethod.Ack) return true;
        // Obligation 8: who claims another transport than W2's means to steer our retransmissions, or is no WIC.
        if (message.TopVia is not { Transport: "WS" or "WSS" })
            answer = SipMessage.Response(message, 403, "Via is not of W2", newTag());
        // A CANCEL frees what it cancels.
        else if (busy >= settings.TransactionsPerFlow && message.Method != SipMethod.Cancel) answer = Busy(message);
        return answer is null;
    }

    /// <summary>Obligation 37.</summary>
    public SipMessage Busy(SipMessage request)
    {
        var response = SipMessage.Response(request, 503, toTag: newTag());
        var seconds = Math.Ceiling(settings.RetryAfter.TotalSeconds);
        response.Add(HeaderName.RetryAfter, seconds.ToString(CultureInfo.InvariantCulture));
        return response;
    }
}
