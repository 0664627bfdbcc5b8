namespace Portunus.Credentials;

/// <summary>The hash under the HMAC that makes a password of a shared secret.</summary>
public enum SecretHash : byte
{
    /// <summary>What the REST draft names and every TURN server takes.</summary>
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}
