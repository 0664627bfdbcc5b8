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
    /// <param name="Message">What it sent.</param>
    /// <param name="Length">In bytes, as Mw counts them.</param>
    /// <param name="IsTrusted">Whether it may say that it has signed a user in.</param>
    public sealed record FromEdge(SipMessage Message, int Length, bool IsTrusted) : CscfInput;

    /// <summary>The operator wants something.</summary>
    /// <param name="What">The order.</param>
    /// <param name="Done">To how many bindings it was done.</param>
    public sealed record Order(CscfOrder What, TaskCompletionSource<int> Done) : CscfInput;

    /// <summary>The store answered; null when nobody has that identity.</summary>
    public sealed record Answer(AskId Ask, Subscriber? Subscriber) : CscfInput;
}
