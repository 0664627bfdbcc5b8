namespace Portunus.Assessment.Management;

/// <summary>The system's clock, put forward: what a WAF does in a day it does at once.</summary>
sealed class ShiftedTime : TimeProvider
{
    public TimeSpan Ahead { get; set; }

    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Ahead;
}
