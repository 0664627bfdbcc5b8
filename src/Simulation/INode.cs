using Portunus.Bedrock;

namespace Portunus.Simulation;

/// <summary>Something in the world that receives, waits and sends: one machine, or several behind one address.</summary>
/// <remarks>
/// It has the shape of every machine: an input with its <c>now</c>, then a drain, then a next deadline. <c>now</c> is the
/// node's own clock: the monotonic half is the world's, the wall half is skewed as the node's clock is.
/// </remarks>
public interface INode
{
    /// <summary>When it wants <see cref="OnDeadline"/>; null for never. Asked again after every input.</summary>
    Instant? NextDeadline { get; }

    /// <summary>Takes what a link delivered.</summary>
    void OnMessage(Instant now, in Parcel parcel);

    /// <summary>Does all that is due; afterwards <see cref="NextDeadline"/> lies after <paramref name="now"/>.</summary>
    void OnDeadline(Instant now);

    /// <summary>Gives the next parcel that leaves; the world asks until there is none.</summary>
    bool TryTake(out Parcel parcel);
}
