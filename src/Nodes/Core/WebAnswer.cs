using Portunus.Credentials;

namespace Portunus.Nodes.Core;

/// <summary>What an edge says to a wish that came by HTTP.</summary>
/// <param name="Status">200 with a credential, else why there is none.</param>
/// <param name="Credential">With its secret.</param>
public readonly record struct WebAnswer(int Status, TurnCredential? Credential);
