namespace Portunus.HomeCore;

/// <summary>What an operator, or an HSS, wants of the home core (TS 24.229 §5.4.1.5, §5.4.1.6).</summary>
/// <param name="Identity">A public identity; what is ordered is done to its whole registration set.</param>
public abstract record CscfOrder(string Identity)
{
    /// <summary>Ends all bindings; who watches is told.</summary>
    public sealed record Deregister(string Identity, DeregistrationReason Reason) : CscfOrder(Identity)
    {
        /// <summary>With <see cref="DeregistrationReason.Probation"/>: when the user may come back.</summary>
        public TimeSpan? RetryAfter { get; init; }
    }

    /// <summary>Lets all bindings end after <paramref name="Left"/>, those that would last longer: users register anew.</summary>
    public sealed record Shorten(string Identity, TimeSpan Left) : CscfOrder(Identity);
}

/// <summary>What those who are deregistered are to do next; the events of RFC 3680 §5.3.</summary>
public enum DeregistrationReason
{
    /// <summary>They may register anew at once.</summary>
    Deactivated,

    /// <summary>They may come back later.</summary>
    Probation,

    /// <summary>They are not to come back.</summary>
    Rejected,
}
