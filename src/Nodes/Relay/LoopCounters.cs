namespace Portunus.Nodes.Relay;

/// <summary>What one worker's loop moved and lost, in plain numbers; the log says them when the worker ends.</summary>
/// <remarks>What the rules dropped, and why, they count themselves: <see cref="Turn.TurnCounters"/>.</remarks>
sealed class LoopCounters
{
    public long Received { get; set; }

    public long Sent { get; set; }

    /// <summary>Datagrams that the system refused to send; they are lost, as on any network.</summary>
    public long SendFailures { get; set; }

    public long ReceiveFailures { get; set; }

    /// <summary>Relays that could not be opened.</summary>
    public long RelaysRefused { get; set; }
}
