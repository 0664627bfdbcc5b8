using Portunus.Nodes.Transfer;

namespace Portunus.Nodes.Waf;

/// <summary>Whom a WAF tells of what it revoked, and how soon; immutable.</summary>
public sealed record GrantRevokerSettings
{
    /// <summary>
    /// The TURN servers, under the names for which their tokens are made; the certificate names the WAF to them.
    /// </summary>
    public required TransferNodeSettings Transfer { get; init; }

    /// <summary>Between two looks into the data base.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(300);

    /// <summary>That of the WAF; for tests to set.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
