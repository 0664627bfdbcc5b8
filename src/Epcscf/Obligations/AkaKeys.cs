using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Keeps the keys of an AKA challenge from the WIC: they are the edge's (obligation 20; TS 24.229 §5.2.2).</summary>
static class AkaKeys
{
    public static void Remove(SipMessage response)
    {
        if (!response.Headers.Any(HasKeys)) return;
        var challenges = response.Headers.Where(header => header.Name == HeaderName.WwwAuthenticate).ToArray();
        response.Remove(HeaderName.WwwAuthenticate);
        foreach (var header in challenges)
        {
            if (!DigestChallenge.TryParse(header.Value, out var challenge)) continue;
            response.Add(HeaderName.WwwAuthenticate, new DigestChallenge(challenge.Parameters.Without("ck").Without("ik")));
        }
    }

    static bool HasKeys(Header header) =>
        header.Name == HeaderName.WwwAuthenticate && DigestChallenge.TryParse(header.Value, out var challenge)
        && (challenge.Parameters.Has("ck") || challenge.Parameters.Has("ik"));
}
