using Portunus.Bedrock;

namespace Portunus.Turn;

/// <summary>Where a decision sends its bytes.</summary>
public enum ForwardKind : byte
{
    Drop,
    ToPeer,
    ToClient,

    /// <summary>To the worker that has the client's allocation.</summary>
    ToWorker,

    /// <summary>The client's connection is to be handed to another worker, which reads this message again.</summary>
    HandOver,
}

/// <summary>
/// What is to be done with one message: nothing, for a reason, or one datagram to a peer, or one message to a client; or it is for
/// another worker, as it came.
/// The bytes are three slices: <see cref="Head"/> bytes of the caller's span, <see cref="Payload"/> of the input, and
/// <see cref="Padding"/> zeros.
/// </summary>
public readonly struct Forward
{
    Forward(ForwardKind kind, DropReason reason) => (Kind, Reason) = (kind, reason);

    public ForwardKind Kind { get; }

    /// <summary>Why it is dropped; <see cref="DropReason.None"/> otherwise.</summary>
    public DropReason Reason { get; }

    /// <summary>Whether the IP header asks routers not to fragment (RFC 8656 §14); only on the way to a peer.</summary>
    public bool DontFragment { get; private init; }

    /// <summary>0 to 3 zero bytes behind the payload.</summary>
    public byte Padding { get; private init; }

    /// <summary>Set on the way to a worker, and where the connection is handed to one.</summary>
    public WorkerId Worker { get; private init; }

    /// <summary>How many bytes of the caller's head span come first.</summary>
    public int Head { get; private init; }

    /// <summary>Which part of the input follows, as given to the call that returned this.</summary>
    public PayloadRange Payload { get; private init; }

    /// <summary>The socket that sends; set on the way to a peer.</summary>
    public RelayId Relay { get; private init; }

    /// <summary>Set on the way to a peer.</summary>
    public TransportAddress Peer { get; private init; }

    /// <summary>Set on the way to a client, and to a worker: then it is the client's that spoke.</summary>
    public ClientPath Path { get; private init; }

    /// <summary>All bytes of the message that leaves.</summary>
    public int Length => Head + Payload.Length + Padding;

    public static Forward Drop(DropReason reason) => new(ForwardKind.Drop, reason);

    public static Forward ToPeer(RelayId relay, in TransportAddress peer, PayloadRange payload, bool dontFragment = false) =>
        new(ForwardKind.ToPeer, DropReason.None) { Relay = relay, Peer = peer, Payload = payload, DontFragment = dontFragment };

    public static Forward ToClient(in ClientPath path, int head, PayloadRange payload = default, byte padding = 0) =>
        new(ForwardKind.ToClient, DropReason.None) { Path = path, Head = head, Payload = payload, Padding = padding };

    public static Forward ToWorker(WorkerId owner, in ClientPath path, int length) =>
        new(ForwardKind.ToWorker, DropReason.None) { Worker = owner, Path = path, Payload = new(0, length) };

    public static Forward HandOver(WorkerId to) => new(ForwardKind.HandOver, DropReason.None) { Worker = to };

    public override string ToString() => Kind switch
    {
        ForwardKind.HandOver => $"handed over to worker {Worker}",
        ForwardKind.ToPeer => $"{Payload.Length} bytes by {Relay} to peer {Peer}",
        ForwardKind.ToClient => $"{Length} bytes to client {Path.FiveTuple.Client}",
        ForwardKind.ToWorker => $"{Length} bytes to worker {Worker}",
        _ => $"dropped: {Reason}",
    };
}

/// <summary>A part of the input of the call.</summary>
/// <param name="Offset">In bytes from the start of the input.</param>
/// <param name="Length">In bytes; 0 is a legal payload (RFC 8656 §12.4).</param>
public readonly record struct PayloadRange(int Offset, int Length);
