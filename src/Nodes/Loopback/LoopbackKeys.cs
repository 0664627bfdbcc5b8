using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Nodes.Loopback;

/// <summary>What the parts of a <see cref="LoopbackSystem"/> share, and nobody else: drawn anew at each start.</summary>
sealed class LoopbackKeys(string realm)
{
    // 256 bits: what HMAC-SHA-256 and AES-256 use, and more than HMAC-SHA-1 can.
    const int Length = 32;

    /// <summary>The TURN server as tokens of RFC 7635, pushes and its client certificate name it.</summary>
    public string TurnServer { get; } = $"turn.{realm}";

    /// <summary>The media gateway node as the edge names it.</summary>
    public string Gateway { get; } = $"agw.{realm}";

    /// <summary>The edge as its client certificate names it to the TURN server.</summary>
    public string EdgeName { get; } = $"epcscf.{realm}";

    /// <summary>Between edge and TURN server (Approach 1).</summary>
    public SharedSecret Secret { get; } = new(SecretHash.Sha1, Draw().Span);

    /// <summary>Between WAF and TURN server (solution OAuth).</summary>
    public TokenKey OfWaf { get; } = new("waf-1", TokenAlgorithm.A256Gcm, Draw().Span);

    /// <summary>Between edge and TURN server (combined solution).</summary>
    public TokenKey OfEdge { get; } = new("epcscf-1", TokenAlgorithm.A256Gcm, Draw().Span);

    /// <summary>The site's, as a client of the WAF.</summary>
    public string SiteSecret { get; } = Convert.ToHexString(Draw().Span);

    public static Bytes Draw()
    {
        Span<byte> key = stackalloc byte[Length];
        new SystemRandom().Fill(key);
        return Bytes.Copy(key);
    }
}
