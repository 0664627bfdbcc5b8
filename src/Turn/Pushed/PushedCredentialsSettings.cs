namespace Portunus.Turn;

/// <summary>Bounds of what edges may make known to a TURN server.</summary>
public sealed record PushedCredentialsSettings
{
    /// <summary>Credentials of one edge; as many withdrawals are remembered one by one.</summary>
    public int PerEdge { get; init; } = 100_000;

    /// <summary>How far ahead a credential may end. An edge gives an hour; more is for those that register for a day.</summary>
    public TimeSpan LongestLife { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (PerEdge < 1) yield return "An edge needs room for one credential.";
        if (LongestLife < TimeSpan.FromSeconds(1)) yield return "A pushed credential must be able to live for a second.";
    }
}
