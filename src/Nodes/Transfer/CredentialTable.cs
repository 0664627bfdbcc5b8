using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>What edges make known for one realm of a TURN server.</summary>
/// <param name="Pushed">Where it stands; the verifier of the realm asks it.</param>
/// <param name="End">Ends what runs on registrations of this realm that have no credential any more; it is over when nothing is relayed
/// for them.</param>
public sealed record CredentialTable(PushedCredentials Pushed, Func<IReadOnlyCollection<string>, Task> End)
{
    public string Realm => Pushed.Realm;
}
