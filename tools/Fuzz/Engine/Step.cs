using System.Buffers.Binary;

namespace Portunus.Fuzz.Engine;

/// <summary>One thing that happens to a target; an input is a sequence of them.</summary>
/// <param name="Kind">What happens; each target says what its kinds are.</param>
/// <param name="Arg">To whom, or how.</param>
/// <param name="Bytes">The message, as a rule.</param>
readonly record struct Step(byte Kind, byte Arg, byte[] Bytes)
{
    const int HeaderLength = 4;

    /// <summary>The file of an input: for each step kind, argument, length in two bytes (big-endian) and bytes.</summary>
    public static byte[] Write(IReadOnlyList<Step> steps)
    {
        var file = new byte[steps.Sum(step => HeaderLength + step.Bytes.Length)];
        var at = 0;
        foreach (var step in steps)
        {
            (file[at], file[at + 1]) = (step.Kind, step.Arg);
            BinaryPrimitives.WriteUInt16BigEndian(file.AsSpan(at + 2), (ushort)step.Bytes.Length);
            step.Bytes.CopyTo(file, at + HeaderLength);
            at += HeaderLength + step.Bytes.Length;
        }

        return file;
    }

    public static List<Step> Read(ReadOnlySpan<byte> file)
    {
        List<Step> steps = [];
        while (file.Length >= HeaderLength)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(file[2..]), file.Length - HeaderLength);
            steps.Add(new(file[0], file[1], file.Slice(HeaderLength, length).ToArray()));
            file = file[(HeaderLength + length)..];
        }

        return steps;
    }
}
