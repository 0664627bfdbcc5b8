using System.Buffers;
using Portunus.Turn;

namespace Portunus.Nodes.Relay;

/// <summary>What it is that one worker brings to another.</summary>
enum CarriedKind : byte
{
    /// <summary>A message of a client that the bringer hears, for the one that has its allocation.</summary>
    FromClient,

    /// <summary>A message for a client that the other hears.</summary>
    ToClient,

    Order,
}

/// <summary>Something on its way from one worker to another; its bytes are a copy.</summary>
/// <param name="From">Who brings it.</param>
/// <param name="Kind">What it is.</param>
/// <param name="Path">The client's; says nothing for an order.</param>
/// <param name="Bytes">From the pool, maybe longer than the message.</param>
/// <param name="Length">Of the message, in bytes.</param>
readonly record struct Carried(WorkerId From, CarriedKind Kind, ClientPath Path, byte[] Bytes, int Length) : IDisposable
{
    /// <summary>Null for a message.</summary>
    public TurnOrder? Order { get; init; }

    public ReadOnlySpan<byte> Message => Bytes.AsSpan(0, Length);

    public static Carried Copy(WorkerId from, CarriedKind kind, in ClientPath path, ReadOnlySpan<byte> message)
    {
        var bytes = ArrayPool<byte>.Shared.Rent(message.Length);
        message.CopyTo(bytes);
        return new(from, kind, path, bytes, message.Length);
    }

    /// <summary>Gives the bytes back; once.</summary>
    public void Dispose()
    {
        if (Bytes.Length > 0) ArrayPool<byte>.Shared.Return(Bytes);
    }
}
