using Portunus.Bedrock;
using Portunus.Credentials;
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
    /// <param name="Path">The way it came.</param>
    /// <param name="Message">What it sent.</param>
    /// <param name="Length">In bytes, as Mw counts them.</param>
    public sealed record FromCore(CorePath Path, SipMessage Message, int Length) : EdgeInput;

    /// <summary>The WebSocket is gone.</summary>
    public sealed record Closed(FlowId Flow) : EdgeInput;

    /// <summary>The outside answered.</summary>
    public sealed record Answer(AskId Ask, EdgeAnswer Said) : EdgeInput;

    /// <summary>Of an operator or a WAF.</summary>
    /// <param name="What">The order.</param>
    /// <param name="Met">Whether it met anything; false when the shard has stopped.</param>
    public sealed record Order(EdgeOrder What, TaskCompletionSource<bool> Met) : EdgeInput;

    /// <summary>Somebody wants to know who is registered.</summary>
    public sealed record List(TaskCompletionSource<IReadOnlyList<RegistrationSnapshot>> Found) : EdgeInput;

    /// <summary>A credential is asked for by HTTP.</summary>
    public sealed record Web(WebRequestId Id, TokenClaims Claims, TurnCredentialRequest Wanted) : EdgeInput;
}
