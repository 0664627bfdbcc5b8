using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>What an <see cref="Edge"/> wants done, in order.</summary>
/// <remarks>A message is the receiver's own from then on. It can carry a credential; as text it is its start line.</remarks>
public abstract record EdgeEffect
{
    EdgeEffect()
    {
    }

    /// <summary>Write this message to the WebSocket; drop it when that is gone.</summary>
    public sealed record ToW2(FlowId Flow, SipMessage Message) : EdgeEffect;

    /// <summary>Send this message to a neighbour in the core.</summary>
    public sealed record ToCore(CorePath Path, SipMessage Message) : EdgeEffect;

    /// <summary>Close the WebSocket after what was queued before this; <see cref="Edge.OnFlowClosed"/> follows.</summary>
    public sealed record CloseFlow(FlowId Flow) : EdgeEffect;

    /// <summary>Something an operator wants to read later; holds no secret.</summary>
    /// <param name="Event">What happened.</param>
    /// <param name="Flow">Where.</param>
    /// <param name="Subject">The address-of-record, or what was refused and why.</param>
    public sealed record Audit(EdgeEvent Event, FlowId Flow, string Subject) : EdgeEffect;
}
