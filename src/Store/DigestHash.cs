using System.Security.Cryptography;
using System.Text;

namespace Portunus.Store;

/// <summary>HA1 of RFC 7616 §3.4.2, H(username ":" realm ":" password): what is kept in place of a password.</summary>
public static class DigestHash
{
    public static byte[] Md5(string username, string realm, string password) =>
        Of(username, realm, password, static input => MD5.HashData(input));

    public static byte[] Sha256(string username, string realm, string password) =>
        Of(username, realm, password, static input => SHA256.HashData(input));

    static byte[] Of(string username, string realm, string password, Func<byte[], byte[]> hash)
    {
        var input = Encoding.UTF8.GetBytes($"{username}:{realm}:{password}");
        var result = hash(input);
        CryptographicOperations.ZeroMemory(input);
        return result;
    }
}
