namespace Portunus.Credentials;

/// <summary>How an access token is sealed (RFC 7635 §4.1.1; names of coturn's and of RFC 7518 §5.3).</summary>
public enum TokenAlgorithm : byte
{
    /// <summary>AES-256-GCM, which every server of RFC 7635 knows.</summary>
    A256Gcm,

    /// <summary>AES-128-GCM.</summary>
    A128Gcm,
}

/// <summary>The names and sizes of the algorithms.</summary>
public static class TokenAlgorithmExtensions
{
    /// <summary><c>A256GCM</c> or <c>A128GCM</c>.</summary>
    public static string Name(this TokenAlgorithm algorithm) => algorithm == TokenAlgorithm.A256Gcm ? "A256GCM" : "A128GCM";

    /// <summary>Bytes of the key: 32 or 16.</summary>
    public static int KeyLength(this TokenAlgorithm algorithm) => algorithm == TokenAlgorithm.A256Gcm ? 32 : 16;

    /// <summary>False for any other name; case counts, as in a JOSE header.</summary>
    public static bool TryParse(string name, out TokenAlgorithm algorithm)
    {
        algorithm = name == "A128GCM" ? TokenAlgorithm.A128Gcm : TokenAlgorithm.A256Gcm;
        return name is "A256GCM" or "A128GCM";
    }
}
