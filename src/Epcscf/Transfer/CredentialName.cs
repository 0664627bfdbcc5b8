namespace Portunus.Epcscf;

/// <summary>What a pushed credential is known by.</summary>
readonly record struct CredentialName(string Realm, string Username);
