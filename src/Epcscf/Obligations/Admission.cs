using System.Globalization;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What a WIC's message must have before a transaction is made for it (obligations 4, 8, 37).</summary>
static class Admission
{
    /// <summary>A message that is not let in.</summary>
    /// <param name="Response">What its sender is owed; null when nothing.</param>
    public readonly record struct Refused(SipMessage? Response);

    /// <param name="message">From W2.</param>
    /// <param name="busy">Transactions that this flow has open.</param>
    /// <param name="settings">Their bound.</param>
    /// <returns>Null when it is let in.</returns>
    public static Refused? Refusal(SipMessage message, int busy, EdgeSettings settings)
    {
        if (message.IsResponse) return MessageCheck.Judge(message) is null ? null : new Refused(null);
        if (message.Method == SipMethod.Ack) return MessageCheck.Judge(message) is null ? null : new Refused(null);
        if (MessageCheck.Judge(message) is { } fault) return new(SipMessage.Response(message, fault.Status, fault.Reason));
        // Obligation 8: what claims another transport than W2's did not come from a WIC, or means to steer our retransmissions.
        if (message.TopVia is not { Transport: "WS" or "WSS" }) return new(SipMessage.Response(message, 403, "Via names another transport"));
        // A CANCEL frees what it cancels.
        if (busy >= settings.TransactionsPerFlow && message.Method != SipMethod.Cancel) return new(Busy(message, settings));
        return null;
    }

    public static SipMessage Busy(SipMessage request, EdgeSettings settings)
    {
        var response = SipMessage.Response(request, 503);
        response.Add(HeaderName.RetryAfter, Math.Ceiling(settings.RetryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        return response;
    }
}
