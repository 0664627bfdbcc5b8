using Portunus.Transport.Tls;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>A client's session of DTLS at a listener that it shares with others.</summary>
/// <param name="path">How the rules know it.</param>
/// <param name="socket">The listener.</param>
/// <param name="session">Belongs to this object from now on.</param>
sealed class DtlsClient(in ClientPath path, WorkerSocket socket, DtlsSession session) : ClientConnection(path, socket.Dtls!.Number)
{
    bool _isClosed;

    public WorkerSocket Socket => socket;

    public DtlsSession Session => session;

    public override int Descriptor => -1;

    public override bool IsClosed => _isClosed;

    public override int Waiting => session.OutgoingLength;

    public override bool TryAdd(ReadOnlySpan<byte> message) => session.TryWrite(message);

    public override void Dispose()
    {
        _isClosed = true;
        session.Dispose();
    }
}
