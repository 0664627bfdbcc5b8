using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Nodes.Outside;

/// <summary>Carries credentials to TURN servers for an edge (Approach 2).</summary>
public interface ICredentialPush
{
    /// <summary>
    /// Tells the servers, all at once, and returns those that have acknowledged when all did or the patience ends.
    /// </summary>
    /// <param name="credential">What to tell.</param>
    /// <param name="servers">Names of the configuration.</param>
    /// <param name="patience">Ends when the 200 goes out without those that are missing; they may be told all the same.</param>
    Task<IReadOnlyList<string>> PushAsync(
        PushedCredential credential, IReadOnlyList<string> servers, CancellationToken patience);

    /// <summary>Keeps a credential for TURN servers that ask for it, and tells what is new to those that did; false when there is
    /// no room.</summary>
    Task<bool> KeepAsync(PushedCredential credential, CancellationToken patience);

    /// <summary>Sees to it that every server named forgets the credential; returns at once, and does not give up early.</summary>
    void Withdraw(EdgeEffect.Withdraw withdrawal);
}
