using System.Globalization;

namespace Portunus.Turn;

/// <summary>
/// Names one relay socket for as long as the process lives: the worker that owns it, its slot there, and the how-manieth use
/// of that slot it is, so that a late datagram of a closed relay never meets the next one.
/// </summary>
/// <param name="Value">Worker in the top 8 bits, slot in the next 24, generation in the low 32.</param>
public readonly record struct RelayId(ulong Value)
{
    /// <summary>How many slots a worker can name.</summary>
    public const int MaxSlots = 1 << 24;

    public RelayId(WorkerId worker, int slot, uint generation)
        : this(((ulong)worker.Value << 56) | ((ulong)(uint)slot << 32) | generation)
    {
    }

    public WorkerId Worker => new((byte)(Value >> 56));

    /// <summary>A small number, used again after the relay was closed: an index for the tables of rules and loop.</summary>
    public int Slot => (int)(Value >> 32) & (MaxSlots - 1);

    public uint Generation => (uint)Value;

    /// <summary>As operators see it: 16 hexadecimal digits.</summary>
    public string ToHex() => Value.ToString("x16", CultureInfo.InvariantCulture);

    public override string ToString() => $"{Worker}/{Slot}.{Generation}";
}
