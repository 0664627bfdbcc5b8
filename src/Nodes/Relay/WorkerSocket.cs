using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>One socket of a worker: a listener, where clients are heard, or a relay, where peers are.</summary>
sealed class WorkerSocket
{
    WorkerSocket(Inbox inbox, Func<Action, IDatagrams> open) => Datagrams = open(() => inbox.Arrived(this));

    public IDatagrams Datagrams { get; }

    /// <summary>The number of the listener, which the rules hand back; null for a relay.</summary>
    public int? Listener { get; private init; }

    /// <summary>Says nothing for a listener.</summary>
    public RelayId Relay { get; private init; }

    public static WorkerSocket ForClients(Inbox inbox, int listener, Func<Action, IDatagrams> open) =>
        new(inbox, open) { Listener = listener };

    /// <exception cref="System.Net.Sockets.SocketException">The address cannot be had.</exception>
    public static WorkerSocket ForPeers(Inbox inbox, RelayId relay, TransportAddress local) =>
        new(inbox, arrived => UdpDatagrams.Open(local, arrived)) { Relay = relay };
}
