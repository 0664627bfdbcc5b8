using Portunus.Bedrock;
using Portunus.HomeCore;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

/// <summary>What reaches the core from other threads.</summary>
abstract record CscfInput
{
    CscfInput()
    {
    }

    /// <summary>The edge sent this over Mw.</summary>
    public sealed record FromEdge(SipMessage Message) : CscfInput;

    /// <summary>The store answered; null when nobody has that identity.</summary>
    public sealed record Answer(AskId Ask, Subscriber? Subscriber) : CscfInput;
}
