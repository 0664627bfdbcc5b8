using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Assessment.Systems;

/// <summary>What an operator of a <see cref="StudySystem"/> has to distribute by hand; drawn anew for each.</summary>
sealed class StudyKeys
{
    // 256 bits: what HMAC-SHA-256 and AES-256 use.
    const int Length = 32;

    /// <summary>Between eP-CSCF and TURN server (Approach 1).</summary>
    public SharedSecret Secret { get; } = new(SecretHash.Sha256, Draw().Span);

    /// <summary>Between eP-CSCF and TURN server (Combined).</summary>
    public TokenKey OfEdge { get; } = new("epcscf-1", TokenAlgorithm.A256Gcm, Draw().Span);

    /// <summary>The site's, as a client of the WAF.</summary>
    public string SiteSecret { get; } = Convert.ToHexString(Draw().Span);

    /// <summary>Of a native client that nobody signed in to.</summary>
    public string NativeSecret { get; } = Convert.ToHexString(Draw().Span);

    /// <summary>The password of every user, at the core and at the WAF.</summary>
    public string Password { get; } = Convert.ToHexString(Draw().Span[..8]);

    public static Bytes Draw()
    {
        Span<byte> key = stackalloc byte[Length];
        new SystemRandom().Fill(key);
        return Bytes.Copy(key);
    }
}
