using System.Collections.Immutable;

namespace Portunus.Epcscf;

/// <summary>To whom an edge makes its credentials known, or a WAF what it revoked, and how patiently.</summary>
public sealed record TransferSettings
{
    /// <summary>The names of the TURN servers, 1 to 16; the join knows where they are.</summary>
    public required ImmutableArray<string> Servers { get; init; }

    /// <summary>
    /// False for who tells of revocations alone, as a WAF does: it has no set of credentials, and no server is told one.
    /// </summary>
    public bool TellsCredentials { get; init; } = true;

    /// <summary>How often a server is asked for its epoch; what was lost is sent again when it answers.</summary>
    public TimeSpan PollInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For the answer to a statement or a poll. A WIC waits for it.</summary>
    public TimeSpan RequestDeadline { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long an answer is heard that comes after <see cref="RequestDeadline"/>; then the server is given up until it answers a
    /// poll. Over TCP what was sent comes late rather than not at all: a segment that is lost twice by 1 + 2 s (RFC 6298 §2.1,
    /// §5.5).</summary>
    public TimeSpan LatestAnswer { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>For the answer to a whole set.</summary>
    public TimeSpan SyncDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Statements under way to one server at a time, late ones among them; below the 100 streams that servers of HTTP/2
    /// allow.</summary>
    public int Parallel { get; init; } = 64;

    /// <summary>Credentials at a time, with those that are withdrawn but not everywhere.</summary>
    public int Credentials { get; init; } = 100_000;

    /// <summary>Pushes that wait for their acknowledgement at a time.</summary>
    public int Asks { get; init; } = 4096;

    /// <summary>Everything wrong with these settings, in sentences; empty when nothing is.</summary>
    public IEnumerable<string> Mistakes()
    {
        if (Servers.IsDefaultOrEmpty || Servers.Length > 16) yield return "Name 1 to 16 TURN servers to tell.";
        else if (Servers.Distinct(StringComparer.OrdinalIgnoreCase).Count() < Servers.Length)
            yield return "A TURN server is named twice.";
        if (PollInterval <= TimeSpan.Zero || RequestDeadline <= TimeSpan.Zero || SyncDeadline <= TimeSpan.Zero
            || LatestAnswer <= TimeSpan.Zero)
            yield return "The times of the credential transfer must be above zero.";
        if (Parallel < 1 || Credentials < 1 || Asks < 1) yield return "The bounds of the credential transfer must be at least 1.";
    }
}
