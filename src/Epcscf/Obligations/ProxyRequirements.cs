using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What a WIC demands of proxies (RFC 3261 §16.3 step 5): we understand no such extension, sec-agree is removed before.</summary>
static class ProxyRequirements
{
    /// <summary>The 420 that names all of them; null when nothing is demanded.</summary>
    /// <param name="request">Without sec-agree.</param>
    /// <param name="received">As it came: what a response is made of.</param>
    /// <param name="tag">For To.</param>
    public static SipMessage? Refusal(SipMessage request, SipMessage received, string tag)
    {
        var demanded = request.GetAll(HeaderName.ProxyRequire);
        if (demanded.Count == 0) return null;
        var refusal = SipMessage.Response(received, 420, toTag: tag);
        refusal.Add(HeaderName.Unsupported, string.Join(", ", demanded));
        return refusal;
    }
}
