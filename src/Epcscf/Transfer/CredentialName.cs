namespace Portunus.Epcscf;

/// <summary>What a statement is about.</summary>
/// <param name="Realm">Of the servers.</param>
/// <param name="Username">Of a pushed credential; the opaque id of a revocation.</param>
/// <param name="IsRevocation">A pushed credential may have its registration's id for its username, and is another thing.</param>
readonly record struct CredentialName(string Realm, string Username, bool IsRevocation = false);
