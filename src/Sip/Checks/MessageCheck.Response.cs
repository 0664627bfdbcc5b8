namespace Portunus.Sip;

public sealed partial class MessageCheck
{
    /// <summary>Why a response is dropped; null when it may be processed. Nobody is told: responses have no answer.</summary>
    public string? Response(SipMessage response)
    {
        if (response.Version != "SIP/2.0") return response.Version;
        if (response.Flaw is { } flaw) return flaw;
        if (WrongWithAny(response) is { } any) return any;
        // RFC 4475 §3.3.10: never lead a response to everyone.
        return response.Vias.Any(IsBroadcast) ? "Via names a broadcast address" : null;
    }

    static bool IsBroadcast(Via via) =>
        (via.Parameters["maddr"] ?? via.Parameters["received"] ?? via.SentBy.Host) == "255.255.255.255";
}
