namespace Portunus.Wic;

/// <summary>What a run of a <see cref="TurnResolution"/> came to.</summary>
public abstract record ResolutionStep
{
    ResolutionStep()
    {
    }

    /// <summary>Ask this, and give the answer to <see cref="TurnResolution.OnAnswer"/>.</summary>
    public sealed record Ask(DnsQuestion Question) : ResolutionStep;

    /// <summary>The servers in the order to try them, at least one.</summary>
    public sealed record Found(IReadOnlyList<TurnServerAddress> Servers) : ResolutionStep;

    /// <summary>The URI wants a transport that this client does not speak.</summary>
    public sealed record WrongTransport : ResolutionStep;

    /// <summary>The DNS knows no server that this client could use.</summary>
    public sealed record NoServer : ResolutionStep;
}
