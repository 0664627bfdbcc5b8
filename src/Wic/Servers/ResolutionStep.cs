namespace Portunus.Wic;

/// <summary>What a run of a <see cref="TurnSearch"/> came to.</summary>
public abstract record ResolutionStep
{
    ResolutionStep()
    {
    }

    /// <summary>Ask this, and give the answer to <see cref="TurnSearch.OnAnswer"/>.</summary>
    public sealed record Ask(DnsQuestion Question) : ResolutionStep;

    /// <summary>The servers in the order to try them, at least one.</summary>
    public sealed record Found(IReadOnlyList<TurnServerAddress> Servers) : ResolutionStep;

    /// <summary>What is searched for wants a transport that this client does not speak.</summary>
    public sealed record WrongTransport : ResolutionStep;

    /// <summary>The DNS knows no server that this client could use.</summary>
    public sealed record NoServer : ResolutionStep;
}
