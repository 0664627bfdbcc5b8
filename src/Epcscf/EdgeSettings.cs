using System.Text;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>How an edge is set: immutable, validated whole by <see cref="Validated"/> before a machine is made of it.</summary>
public sealed record EdgeSettings
{
    /// <summary>The domain of the subscribers: <c>ims.example.net</c>.</summary>
    public required string HomeDomain { get; init; }

    /// <summary>This edge's own host, with its port if it is not 5060: what stands in Path, Record-Route and Via.</summary>
    public required string Host { get; init; }

    /// <summary>At least 32 random bytes, the same in all shards and edges that share a host; seals flow tokens.</summary>
    public required Bytes TokenKey { get; init; }

    /// <summary>TCP or TLS towards the core; UDP makes the transactions retransmit.</summary>
    public string CoreTransport { get; init; } = "TCP";

    /// <summary>What P-Visited-Network-ID says (RFC 7315 §4.3); the home domain when null, whose own access WebRTC is.</summary>
    public string? VisitedNetwork { get; init; }

    /// <summary>No standard names the two headers of W2, so an operator may.</summary>
    public string CredentialRequestHeader { get; init; } = "Turn-Credential-Request";

    /// <summary>See <see cref="CredentialRequestHeader"/>.</summary>
    public string CredentialHeader { get; init; } = "Turn-Credential";

    /// <summary>How long the core may take for a REGISTER before the WIC is told 504, well before its Timer F of 32 s.</summary>
    public TimeSpan CoreSilence { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>How long a registration outlives its WebSocket: browsers change networks.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// How long a WebSocket may stand from its first REGISTER without having been registered; then it is closed.
    /// </summary>
    public TimeSpan Trial { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whose access tokens register a WIC (scenarios 2 and 3); null: a bearer is removed and ignored.</summary>
    public TokenSettings? Tokens { get; init; }

    /// <summary>Questions open at once; what would need one more is answered 503.</summary>
    public int Questions { get; init; } = 10_000;

    /// <summary>WebSockets that sent a REGISTER; the next is answered 503.</summary>
    public int Flows { get; init; } = 100_000;

    /// <summary>Requests under way at once; the next is answered 503.</summary>
    public int Transactions { get; init; } = 50_000;

    /// <summary>Of those, from one flow: a browser has a handful.</summary>
    public int TransactionsPerFlow { get; init; } = 64;

    /// <summary>What a 503 tells the WIC to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>These settings, or a message that says what to write instead.</summary>
    /// <exception cref="ArgumentException">A value cannot work.</exception>
    public EdgeSettings Validated()
    {
        if (TokenKey.Length < 32) throw new ArgumentException("The flow token key needs at least 32 random bytes.");
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(Host), out _))
            throw new ArgumentException($"\"{Host}\" is not a host or host:port; write where the core reaches this edge.");
        if (!HostPort.TryParse(Encoding.UTF8.GetBytes(HomeDomain), out var home) || home.Port is not null)
            throw new ArgumentException($"\"{HomeDomain}\" is not a domain; write it as in ims.example.net.");
        if (CoreTransport is not ("UDP" or "TCP" or "TLS"))
            throw new ArgumentException($"\"{CoreTransport}\" towards the core; write UDP, TCP or TLS.");
        if (HeaderName.Of(CredentialHeader) == HeaderName.Of(CredentialRequestHeader))
            throw new ArgumentException("The two credential headers need two names.");
        if (Grace < TimeSpan.Zero || CoreSilence <= TimeSpan.Zero || RetryAfter < TimeSpan.FromSeconds(1))
            throw new ArgumentException("Grace is not negative, CoreSilence above zero, Retry-After a second at least.");
        if (Trial <= CoreSilence) throw new ArgumentException("Trial is longer than CoreSilence, or nobody could register.");
        Tokens?.Validate();
        if (Flows < 1 || Transactions < 1 || TransactionsPerFlow < 1 || Questions < 1)
            throw new ArgumentException("No bound is below one.");
        return this;
    }

    /// <summary>Without the key.</summary>
    public override string ToString() => $"edge {Host} of {HomeDomain}";
}
