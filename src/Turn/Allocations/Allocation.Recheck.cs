using Portunus.Bedrock;

namespace Portunus.Turn;

sealed partial class Allocation
{
    /// <summary>Takes out permissions and channels to addresses that are no peers any more. Permissions are judged with every
    /// datagram anyway, but channels only when they are bound.</summary>
    public void Recheck(PeerPolicy peers)
    {
        foreach (var channel in _channels.Values)
            if (!peers.AllowsAddress(channel.Peer, Owner.Allowance))
                Unbind(channel);
        foreach (var address in _permissions.Keys)
            if (!peers.AllowsAddress(address, Owner.Allowance))
                _permissions.Remove(address);
    }
}
