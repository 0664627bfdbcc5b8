using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>Asks edges for credentials that a TURN server does not know (Approach 2, pull); shared by its workers.</summary>
public interface ICredentialFinder
{
    /// <summary>
    /// <see cref="TurnAnswer.CredentialFound"/> when what an edge told stands in the table that the verifier asks; else why not.
    /// Does not throw.
    /// </summary>
    /// <param name="username">Of the form of <see cref="Credentials.PushedName"/>.</param>
    /// <param name="patience">Ends when nobody waits any more.</param>
    Task<TurnAnswer> FindAsync(string username, CancellationToken patience);
}
