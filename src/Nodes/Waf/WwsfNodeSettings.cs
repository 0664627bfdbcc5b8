using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Web;
using Portunus.Store.Access;
using Portunus.Waf.Wwsf;

namespace Portunus.Nodes.Waf;

/// <summary>What a <see cref="WwsfNode"/> serves and where; immutable.</summary>
public sealed record WwsfNodeSettings
{
    /// <summary>Where browsers reach it; port 0 for a free one.</summary>
    public required IPEndPoint Listen { get; init; }

    /// <summary>With its private key; null for plain http on loopback.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>
    /// In the place of <see cref="Certificate"/>: one that is read again when it changes; stays with the caller.
    /// </summary>
    public CertificateFiles? CertificateFiles { get; init; }

    public required WwsfSettings Wwsf { get; init; }

    /// <summary>Of the leases; stays with the caller.</summary>
    public required AccessStore Store { get; init; }

    /// <summary>For tests to set.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the WAF's host is reached, when the system's names do not tell; null when they do.</summary>
    public IPEndPoint? WafAddress { get; init; }
}
