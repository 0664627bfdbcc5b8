using Portunus.Assessment.Results;
using Portunus.Bedrock;

namespace Portunus.Assessment.Cells;

/// <summary>The moments of one client, from its sign-in to media.</summary>
sealed record Sample
{
    public required Instant Began { get; init; }

    public required Instant Registered { get; init; }

    /// <summary>A person clicks on "call": what is prepared before it has no part in the times after it.</summary>
    public required Instant Clicked { get; init; }

    public required Instant Candidate { get; init; }

    public required Instant Invited { get; init; }

    public required Instant Heard { get; init; }

    /// <summary>How often the edge gave no credential, so that the client asked again.</summary>
    public int Withheld { get; init; }

    public double Of(string metric) => metric switch
    {
        MetricName.Registered => (Registered - Began).TotalMilliseconds,
        MetricName.Candidate => (Candidate - Clicked).TotalMilliseconds,
        MetricName.Invite => (Invited - Clicked).TotalMilliseconds,
        MetricName.Media => (Heard - Clicked).TotalMilliseconds,
        _ => throw new ArgumentException($"No such metric: {metric}.", nameof(metric)),
    };
}
