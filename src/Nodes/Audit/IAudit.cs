using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Audit;

/// <summary>Where the beginnings and ends of allocations are written down. Called by every worker; never waits, never throws.</summary>
public interface IAudit
{
    /// <param name="now">When it happened.</param>
    /// <param name="what">Never a secret.</param>
    void Record(Instant now, TurnAudit what);
}
