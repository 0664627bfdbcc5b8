namespace Portunus.Store.Access;

/// <summary>A person who signs in at a WAF with a web identity, and who that is in the IMS (TS 24.371 A.3.2).</summary>
/// <param name="Name">The web identity, compared as it is written.</param>
/// <param name="PasswordHash">As ASP.NET Core Identity writes it: PBKDF2 with its salt and count; never the password.</param>
/// <param name="Impi">The private identity.</param>
/// <param name="Impus">Public identities, the default one first; one at least.</param>
public sealed record UserRecord(string Name, string PasswordHash, string Impi, IReadOnlyList<string> Impus)
{
    /// <summary>Without the hash.</summary>
    public override string ToString() => $"user {Name}";
}
