using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>What the edge has to say of one username, and which servers heard it.</summary>
sealed class Statement(CredentialName name, int servers)
{
    public CredentialName Name { get; } = name;

    /// <summary>Null when it is withdrawn.</summary>
    public PushedCredential? Credential { get; set; }

    /// <summary>Grows with each change of <see cref="Credential"/>.</summary>
    public int Version { get; set; }

    /// <summary>The highest sequence that a shard gave to what it said of it: tells which of two was said first.</summary>
    public ulong Said { get; set; }

    /// <summary>On the wire; can be drawn anew for the same version.</summary>
    public ulong Sequence { get; set; }

    /// <summary>Unix seconds: after it nobody needs to hear anything.</summary>
    public long Ends { get; set; }

    /// <summary>Said no more; what is under way comes to nothing.</summary>
    public bool IsForgotten { get; set; }

    /// <summary>The push that waits for this version; null when none does.</summary>
    public AskId? Push { get; set; }

    /// <summary>The servers that <see cref="Push"/> was for, as bits.</summary>
    public int Asked { get; set; }

    /// <summary>Of <see cref="Asked"/> those that will say no more than they did.</summary>
    public int Answered { get; set; }

    /// <summary>All that were ever told of this username, as bits; they hear all that is said of it.</summary>
    public int Told { get; set; }

    public Slot[] Slots { get; } = new Slot[servers];

    public bool IsTold(TransferServer server) => (Told & server.Bit) != 0;

    /// <summary>Whether this is what was said last: the same keys, end and limits, whatever its number.</summary>
    public bool Says(PushedCredential credential) =>
        Credential is { } said && said.Expires == credential.Expires && said.Registration == credential.Registration
        && said.Limits == credential.Limits && said.KeyMd5.Span.SequenceEqual(credential.KeyMd5.Span)
        && said.KeySha256.Span.SequenceEqual(credential.KeySha256.Span);

    public bool HeardBy(TransferServer server) => Slots[server.Number].Heard == Version;

    /// <summary>One server's part in it.</summary>
    public struct Slot
    {
        /// <summary>The version that the server is known to hold; 0 for none.</summary>
        public int Heard { get; set; }

        public Stage Stage { get; set; }

        /// <summary>The version whose answer is late and may still come; 0 for none.</summary>
        public int Late { get; set; }
    }
}

/// <summary>Where a statement is on its way to one server.</summary>
enum Stage : byte
{
    /// <summary>Nowhere: nothing is to be said, or nothing can be.</summary>
    Idle,

    /// <summary>In the server's queue.</summary>
    Waiting,

    /// <summary>Sent, not answered.</summary>
    UnderWay,

    /// <summary>To be sent again when the server has answered a poll.</summary>
    Later,
}
