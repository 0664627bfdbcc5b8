namespace Portunus.Turn;

/// <summary>
/// The word of <see cref="PeerPolicy"/> for one peer, as a channel keeps it: what was allowed stays so, but a port on a relay
/// address of this server only as long as it holds a live allocation.
/// </summary>
readonly struct Admission(RelayPorts? ownPorts, ushort port, bool isTcp)
{
    public bool Stands => ownPorts is null || ownPorts.IsLive(port, isTcp);
}
