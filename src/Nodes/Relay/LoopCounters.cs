using System.Collections.Immutable;

namespace Portunus.Nodes.Relay;

/// <summary>What one worker's loop moved and lost, in plain numbers; the log says them when the worker ends.</summary>
/// <remarks>What the rules dropped, and why, they count themselves: <see cref="Turn.TurnCounters"/>.</remarks>
public sealed class LoopCounters
{
    /// <summary>One for each listening address, in the order of the settings.</summary>
    public ImmutableArray<ListenerCounters> Listeners { get; internal set; } = [];

    public long Received { get; internal set; }

    public long Sent { get; internal set; }

    /// <summary>Datagrams that the system refused to send; they are lost, as on any network.</summary>
    public long SendFailures { get; internal set; }

    public long ReceiveFailures { get; internal set; }

    /// <summary>Relays that could not be opened.</summary>
    public long RelaysRefused { get; internal set; }
}
