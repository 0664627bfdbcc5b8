using Portunus.Transport;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>A relayed address of TCP, to which peers connect.</summary>
/// <param name="listener">Belongs to this object from now on.</param>
/// <param name="relay">How the rules know it.</param>
sealed class RelayDoor(StreamListener listener, RelayId relay) : Watched, IDisposable
{
    public RelayId Relay => relay;

    public StreamListener Listener => listener;

    public override int Descriptor => listener.Descriptor;

    public override bool IsClosed => listener.IsClosed;

    public void Dispose() => listener.Dispose();
}
