namespace Portunus.Turn;

/// <summary>Knows the credentials of a realm and finds the keys that a username may be proved with.</summary>
public interface ICredentialVerifier;
