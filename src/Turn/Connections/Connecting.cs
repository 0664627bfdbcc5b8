namespace Portunus.Turn;

/// <summary>A Connect request that waits for its connection.</summary>
sealed class Connecting(ClientPath path, byte[] request, PeerConnection connection) : Waiting(path, request)
{
    public PeerConnection Connection { get; } = connection;
}
