using System.Text;
using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>One realm of a server as one worker has it: whom it knows, and what it challenges with.</summary>
sealed class Realm : IDisposable
{
    /// <param name="name">OpaqueString applied.</param>
    /// <param name="further">Null for the first realm.</param>
    /// <param name="verifier">Of this realm.</param>
    /// <param name="keys">Of nonces. Each realm has others derived of them: a nonce of one is none in another, because its cookie says what
    /// holds in its realm (RFC 8489 §9.2).</param>
    /// <param name="nonceLifetime">After which a nonce is stale.</param>
    public Realm(string name, FurtherRealm? further, ICredentialVerifier verifier, NonceKeys keys, TimeSpan nonceLifetime)
    {
        (Name, Verifier) = (Encoding.UTF8.GetBytes(name), verifier);
        (SubjectRealm, TotalQuota) = (further?.Name, further?.TotalQuota ?? int.MaxValue);
        Tokens = verifier.Tokens is { } tokens ? new(tokens, SubjectRealm) : null;
        var features = SecurityFeatures.PasswordAlgorithms;
        if (verifier.FindsByHash) features |= SecurityFeatures.UsernameAnonymity;
        Nonces = new(keys, Name, features, nonceLifetime);
    }

    /// <summary>In UTF-8, as REALM has it.</summary>
    public byte[] Name { get; }

    public ICredentialVerifier Verifier { get; }

    /// <summary>Null where no access tokens are taken.</summary>
    public TokenOpener? Tokens { get; }

    public StatelessNonce Nonces { get; }

    /// <summary>Of every subject that it knows; null for the first realm.</summary>
    public string? SubjectRealm { get; }

    public int TotalQuota { get; }

    public void Dispose() => Tokens?.Dispose();
}
