using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>What a <see cref="Cscf"/> wants done, in order.</summary>
public abstract record CscfEffect
{
    CscfEffect()
    {
    }

    /// <summary>
    /// Send this message to the edge: a response by its top Via, a request by its top Route, one without Route (the NOTIFY to an
    /// edge) by its Request-URI.
    /// </summary>
    public sealed record ToEdge(SipMessage Message) : CscfEffect;

    /// <summary>Who is this? <see cref="Cscf.OnAnswer"/> brings the record, or null when nobody has this identity.</summary>
    /// <param name="Id">Comes back with the answer.</param>
    /// <param name="Question">By private or by public identity.</param>
    /// <param name="Deadline">After it the machine goes on as if the HSS were down.</param>
    public sealed record Ask(AskId Id, FindSubscriber Question, Instant Deadline) : CscfEffect;

    /// <summary>Something an operator wants to read later; holds no secret.</summary>
    public sealed record Audit(CscfEvent Event, string Subject) : CscfEffect;
}
