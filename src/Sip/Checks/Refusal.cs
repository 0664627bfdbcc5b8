using System.Diagnostics.CodeAnalysis;

namespace Portunus.Sip;

/// <summary>What the sender of a request is owed for what is wrong with it.</summary>
/// <param name="Status">400 to 699.</param>
/// <param name="Why">In a few words, for an audit; the response has the RFC's phrase.</param>
/// <param name="Unsupported">Of a 420 the option tags that are not known here (RFC 3261 §8.2.2.3); empty otherwise.</param>
public sealed record Refusal(int Status, string Why, params IReadOnlyList<string> Unsupported)
{
    /// <summary>
    /// The response; false for an ACK, which gets none (§17), and for a request that does not say where it came from.
    /// </summary>
    public bool TryAnswer(SipMessage request, string? toTag, [NotNullWhen(true)] out SipMessage? response)
    {
        response = null;
        if (request.Method == SipMethod.Ack || !request.Has(HeaderName.Via)) return false;
        response = SipMessage.Response(request, Status, toTag: toTag);
        if (Unsupported.Count > 0) response.Set(HeaderName.Unsupported, string.Join(", ", Unsupported));
        return true;
    }
}
