using Portunus.Bedrock;
using Portunus.Credentials;
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

    /// <summary>
    /// A question to the outside; <see cref="Edge.OnAnswer"/> brings the answer. A run that asks does nothing else.
    /// </summary>
    /// <param name="Id">Comes back with the answer.</param>
    /// <param name="Question">What is asked; it may hold a token.</param>
    /// <param name="Deadline">After it the machine takes silence for the answer.</param>
    public sealed record Ask(AskId Id, EdgeQuestion Question, Instant Deadline) : EdgeEffect;

    /// <summary>
    /// Tell the TURN servers that a pushed credential is no more: what runs on it ends at once. Nobody waits for it; who carries
    /// it sees that it arrives.
    /// </summary>
    /// <param name="Realm">Of the credential.</param>
    /// <param name="Username">Of the credential.</param>
    /// <param name="Registration">The opaque id of the registration that ended.</param>
    /// <param name="Sequence">Above that of every statement about this credential before.</param>
    /// <param name="Servers">All that may have heard of it.</param>
    public sealed record Withdraw(
        string Realm, string Username, string Registration, ulong Sequence, IReadOnlyList<string> Servers) : EdgeEffect;

    /// <summary>
    /// Tell the TURN servers that nothing which was made for a registration counts any more (the revocation feed): what runs on
    /// it ends at once. Nobody waits for it.
    /// </summary>
    /// <param name="Realm">Of the servers.</param>
    /// <param name="Id">The opaque id of the registration that ended.</param>
    /// <param name="Expires">Unix seconds: then nothing is left of it that could count.</param>
    /// <param name="Servers">All that its credentials may be used at.</param>
    public sealed record Revoke(string Realm, string Id, long Expires, IReadOnlyList<string> Servers) : EdgeEffect;

    /// <summary>The answer to <see cref="Edge.OnWebRequest"/>.</summary>
    /// <param name="Id">Of the request.</param>
    /// <param name="Status">An HTTP status: 200 with a credential, else why there is none.</param>
    /// <param name="Credential">With its secret.</param>
    public sealed record ToWeb(WebRequestId Id, int Status, TurnCredential? Credential) : EdgeEffect;

    /// <summary>Something an operator wants to read later; holds no secret.</summary>
    /// <param name="Event">What happened.</param>
    /// <param name="Flow">Where.</param>
    /// <param name="Subject">The address-of-record, or what was refused and why.</param>
    public sealed record Audit(EdgeEvent Event, FlowId Flow, string Subject) : EdgeEffect;
}
