using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>A client's word that an address may send to it (RFC 8656 §9).</summary>
sealed class Permission
{
    /// <summary>RFC 8656 §9: "The Permission Lifetime MUST be 300 seconds".</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromSeconds(300);

    public Instant ExpiresAt { get; set; }

    /// <summary>How many channels go to this address: they look here, so it stays in the table while there are any.</summary>
    public int Channels { get; set; }

    public bool IsLive(Instant now) => now < ExpiresAt;
}
