using System.Net;
using System.Security.Cryptography.X509Certificates;

namespace Portunus.Nodes.Waf;

/// <summary>How a TURN server gets the keys of the WAFs that it trusts (RFC 7635 §4.1.1); immutable.</summary>
public sealed record TurnKeyFetcherSettings
{
    /// <summary>Its name: that in THIRD-PARTY-AUTHORIZATION and in the certificate.</summary>
    public required string ServerName { get; init; }

    /// <summary>With its private key and the name.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>Where two WAFs give one kid, the earlier of the list counts.</summary>
    public required IReadOnlyList<TurnKeySource> Sources { get; init; }

    /// <summary>
    /// Between two looks. Below a quarter of an hour: a WAF shows a new key twenty minutes before it seals anything.
    /// </summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>After a look that failed; doubled with each further one, up to <see cref="Interval"/>.</summary>
    public TimeSpan FirstRetry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>For tests to set.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}

/// <summary>A WAF that a TURN server trusts.</summary>
/// <param name="KeysUrl"><c>https://waf.example.com:8444/.well-known/stun-key</c>, without a query.</param>
/// <param name="Authorities">Who signs its certificate; empty: those of the system.</param>
/// <param name="Address">Where it is reached, when the system's names do not tell; null when they do.</param>
public sealed record TurnKeySource(Uri KeysUrl, IReadOnlyList<X509Certificate2> Authorities, IPEndPoint? Address = null);
