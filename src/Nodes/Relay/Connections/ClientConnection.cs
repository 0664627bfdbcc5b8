using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>What one worker keeps of a client that it must remember: a stream, or a session of DTLS.</summary>
/// <param name="path">How the rules know it.</param>
/// <param name="door">The number of the listener by which it came.</param>
abstract class ClientConnection(in ClientPath path, int door) : Watched, IDisposable
{
    public ClientPath Path { get; protected set; } = path;

    public int Door { get; protected set; } = door;

    /// <summary>Whether it is known whose it is: a balancer's header may still have to say so.</summary>
    public virtual bool IsNamed => true;

    /// <summary>Whether the rules may have heard of it.</summary>
    public virtual bool HasBegun => true;

    /// <summary>When it began.</summary>
    public Instant Began { get; set; }

    /// <summary>When the last message came that was understood; until then, when it began.</summary>
    public Instant LastHeard { get; set; }

    /// <summary>Whether it has said anything that a TURN server understands.</summary>
    public bool HasSpoken { get; set; }

    /// <summary>Whether it is about to be closed: nothing is taken from it nor sent to it.</summary>
    public bool IsDoomed { get; set; }

    /// <summary>Bytes that wait for the wire.</summary>
    public abstract int Waiting { get; }

    /// <summary>Puts one message behind those that wait. False when a session refuses it.</summary>
    public abstract bool TryAdd(ReadOnlySpan<byte> message);

    public abstract void Dispose();
}
