using Portunus.Epcscf;
using Portunus.Nodes.W2;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

/// <summary>What reaches a shard of the edge from other threads.</summary>
abstract record EdgeInput
{
    EdgeInput()
    {
    }

    /// <summary>A WIC sent this; its WebSocket is read on when the machine has taken it.</summary>
    public sealed record FromW2(W2Flow Flow, SipMessage Message) : EdgeInput;

    /// <summary>The core sent this over Mw.</summary>
    public sealed record FromCore(CorePath Path, SipMessage Message) : EdgeInput;

    /// <summary>The WebSocket is gone.</summary>
    public sealed record Closed(FlowId Flow) : EdgeInput;
}
