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

    /// <summary>Messages of clients that have moved, and for them, that were handed to another worker.</summary>
    public long Carried { get; internal set; }

    /// <summary>Such messages that another worker had no room for.</summary>
    public long CarriedLost { get; internal set; }

    /// <summary>Connections of clients that were taken.</summary>
    public long StreamsAccepted { get; internal set; }

    /// <summary>Connections that were closed at once, since there were too many.</summary>
    public long StreamsRefused { get; internal set; }

    /// <summary>Hellos of DTLS that were answered by a cookie: nobody has proved anything yet, and nothing is kept.</summary>
    public long CookiesSent { get; internal set; }

    /// <summary>What else came for DTLS from who has no session: nothing is answered.</summary>
    public long DtlsDropped { get; internal set; }

    /// <summary>Connections of balancers that were closed, since what they began with is no header of the PROXY protocol.</summary>
    public long HeadersRefused { get; internal set; }

    /// <summary>Connections that were closed for another one whose header names the same client.</summary>
    public long StreamsReplaced { get; internal set; }

    /// <summary>Connections that another worker handed over, since this one has the connection with the peer that they are for.</summary>
    public long StreamsHandedOver { get; internal set; }

    /// <summary>Connections that were silent for too long.</summary>
    public long StreamsTimedOut { get; internal set; }

    /// <summary>Connections closed because answers did not fit any more behind what waits.</summary>
    public long StreamsOverrun { get; internal set; }

    /// <summary>Messages of peers that did not fit behind what waits for a client.</summary>
    public long MediaLost { get; internal set; }
}
