using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// Scenario 1 with SIP Digest (TS 33.203 Annex X.2; obligation 16a): the core authenticates; the edge passes the digest on and
/// says how it came.
/// </summary>
static class DigestScenario
{
    const string IntegrityProtected = "integrity-protected";

    /// <summary>
    /// Leaves of Authorization nothing but Digest, marked as digest over TLS whose challenge runs. Never "no", which an S-CSCF
    /// reads as AKA (TS 24.229 §5.4.1.1). A bearer belongs to another scenario: removed and ignored.
    /// </summary>
    /// <remarks>Set, not added: what the WIC claimed under that name is overwritten, each occurrence of it.</remarks>
    public static void Mark(SipMessage register)
    {
        var digest = DigestCredentials.Of(register);
        register.Remove(HeaderName.Authorization);
        if (digest is not null) Put(register, digest.Without(IntegrityProtected).With(IntegrityProtected, "tls-pending"));
    }

    /// <summary>The private identity that the WIC gave; null when it gave none: then the core takes it from To.</summary>
    public static string? PrivateIdentity(SipMessage register) =>
        DigestCredentials.Of(register) is { Username.Length: > 0 } digest ? digest.Username : null;

    /// <summary>Says that a private identity was authenticated on its flow before: <c>tls-yes</c>, nothing to check.</summary>
    public static void Vouch(SipMessage register, string privateIdentity, string realm)
    {
        register.Remove(HeaderName.Authorization);
        Put(register, Vouched(privateIdentity, realm, "tls-yes"));
    }

    /// <summary>
    /// Credentials without an answer: the edge says by itself how their owner was authenticated (TS 24.229 §7.2A.2).
    /// </summary>
    public static DigestCredentials Vouched(string privateIdentity, string realm, string how) => new(
    [
        new("username", privateIdentity, Quoted: true), new("realm", realm, Quoted: true), new("nonce", "", Quoted: true),
        new("uri", $"sip:{realm}", Quoted: true), new("response", "", Quoted: true),
        new(IntegrityProtected, how, Quoted: true),
    ]);

    static void Put(SipMessage register, DigestCredentials credentials) =>
        register.Add(HeaderName.Authorization, credentials);
}
