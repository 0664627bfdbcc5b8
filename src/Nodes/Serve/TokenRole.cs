using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Tokens;

namespace Portunus.Nodes.Serve;

/// <summary>How an edge looks at access tokens.</summary>
public sealed record TokenRole
{
    public required IReadOnlyList<AuthorizationServer> Issuers { get; init; }

    /// <summary>For whom a token must be.</summary>
    public required string Audience { get; init; }

    /// <summary>Who signs the certificates of WAFs, by host; a host that is not there is of the system's authorities.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<X509Certificate2>> Authorities { get; init; }
}

/// <summary>Credentials by HTTP, for who shows an access token.</summary>
/// <param name="Origins">Pages that may ask.</param>
/// <param name="TakesGet">Whether the older GET is served, too.</param>
public sealed record WebCredentialsRole(IReadOnlySet<string> Origins, bool TakesGet);

/// <summary>Where a TURN server gets token keys, and as whom.</summary>
public sealed record TokenKeysRole
{
    /// <summary>That of the certificate, and of the tokens.</summary>
    public required string ServerName { get; init; }

    /// <summary>PEM files.</summary>
    public required string Certificate { get; init; }

    /// <summary>PEM file.</summary>
    public required string Key { get; init; }

    public required IReadOnlyList<TokenKeysWaf> Wafs { get; init; }

    /// <summary>The certificate with its key.</summary>
    /// <exception cref="RefusedException">A file is not what it should be.</exception>
    public X509Certificate2 Load()
    {
        try
        {
            return X509Certificate2.CreateFromPemFile(Certificate, Key);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException
            or System.Security.Cryptography.CryptographicException)
        {
            throw new RefusedException(
                $"The certificate {Certificate} with the key {Key} cannot be used; name PEM files that belong together.", e);
        }
    }
}
