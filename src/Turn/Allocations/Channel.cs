using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

/// <summary>A short name for one peer (RFC 8656 §12).</summary>
sealed class Channel(ChannelNumber number, TransportAddress peer, Permission permission, Admission admission)
{
    /// <summary>RFC 8656 §12: "A channel binding lasts for 10 minutes unless refreshed".</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(600);

    public ChannelNumber Number { get; } = number;

    public TransportAddress Peer { get; } = peer;

    public Permission Permission { get; } = permission;

    public Admission Admission { get; } = admission;

    public Instant ExpiresAt { get; set; }

    public bool IsLive(Instant now) => now < ExpiresAt;
}
