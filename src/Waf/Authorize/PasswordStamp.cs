using System.Security.Cryptography;
using System.Text;
using Portunus.Store.Access;

namespace Portunus.Waf.Authorize;

/// <summary>
/// Tells one password of a user from the next: what was given out under an earlier one counts no more. A hash of the password's
/// hash, which is salted, so that it says nothing of the password; kept where only we can read.
/// </summary>
static class PasswordStamp
{
    const int Bytes = 16;

    public static string Of(UserRecord user) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.PasswordHash)).AsSpan(0, Bytes));
}
