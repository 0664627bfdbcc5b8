using System.Buffers.Binary;
using Portunus.Bedrock;

namespace Portunus.Fuzz.Engine;

/// <summary>Makes an input of another: of its steps, of a message's bytes, or of its attributes.</summary>
sealed class Mutator(IRandom random, Target target, IReadOnlyList<Step[]> corpus)
{
    const int MostSteps = 24;

    static readonly ushort[] Interesting =
        [0, 1, 2, 3, 4, 8, 16, 20, 24, 32, 0x7F, 0x80, 0xFF, 0x100, 0x3FFF, 0x4000, 0x4FFF, 0x5000, 0x7FFF, 0x8000, 0xFFFC, 0xFFFF];

    public List<Step> Mutate(Step[] parent)
    {
        List<Step> steps = [.. parent];
        for (var times = 1 << random.Next(4); times > 0; times--) Once(steps);
        if (steps.Count > MostSteps) steps.RemoveRange(MostSteps, steps.Count - MostSteps);
        return steps;
    }

    void Once(List<Step> steps)
    {
        if (steps.Count == 0) steps.Add(Foreign());
        var at = random.Next(steps.Count);
        var step = steps[at];
        switch (random.Next(16))
        {
            case 0:
                steps.Insert(at, Foreign());
                break;
            case 1:
                steps.RemoveAt(at);
                break;
            case 2:
                steps.Insert(random.Next(steps.Count + 1), step);
                break;
            case 3:
                var other = random.Next(steps.Count);
                (steps[at], steps[other]) = (steps[other], step);
                break;
            case 4:
                steps[at] = step with { Kind = (byte)random.Next(target.Kinds) };
                break;
            case 5 or 6:
                steps[at] = step with { Arg = (byte)(random.Next(2) == 0 ? step.Arg ^ (1 << random.Next(8)) : random.Next(256)) };
                break;
            case 7:
                Recut(steps, at);
                break;
            case < 12:
                steps[at] = step with { Bytes = Cut(OfBytes([.. step.Bytes])) };
                break;
            default:
                steps[at] = step with { Bytes = Cut(new AttributeMutator(random).Mutate(step.Bytes, Foreign().Bytes)) };
                break;
        }
    }

    Step Foreign()
    {
        var donor = corpus[random.Next(corpus.Count)];
        return donor.Length == 0 ? new((byte)random.Next(target.Kinds), 0, []) : donor[random.Next(donor.Length)];
    }

    /// <summary>The same bytes, cut elsewhere: one step becomes two, or two become one.</summary>
    void Recut(List<Step> steps, int at)
    {
        var step = steps[at];
        if (random.Next(2) == 0 && at + 1 < steps.Count)
        {
            steps[at] = step with { Bytes = Cut([.. step.Bytes, .. steps[at + 1].Bytes]) };
            steps.RemoveAt(at + 1);
        }
        else if (step.Bytes.Length > 1)
        {
            var cut = 1 + random.Next(step.Bytes.Length - 1);
            steps[at] = step with { Bytes = step.Bytes[..cut] };
            steps.Insert(at + 1, step with { Bytes = step.Bytes[cut..] });
        }
    }

    byte[] OfBytes(List<byte> bytes)
    {
        var at = random.Next(bytes.Count + 1);
        switch (random.Next(8))
        {
            case 0 or 1 when at < bytes.Count:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 2 when at < bytes.Count:
                bytes[at] = (byte)random.Next(256);
                break;
            case 3 when at + 1 < bytes.Count:
                Span<byte> word = stackalloc byte[2];
                BinaryPrimitives.WriteUInt16BigEndian(word, Interesting[random.Next(Interesting.Length)]);
                (bytes[at], bytes[at + 1]) = (word[0], word[1]);
                break;
            case 4 when at + 1 < bytes.Count:
                // A length that is off by a little.
                bytes[at + 1] = (byte)(bytes[at + 1] + random.Next(9) - 4);
                break;
            case 5:
                bytes.RemoveRange(at, random.Next(Math.Min(bytes.Count - at, 64) + 1));
                break;
            case 6:
                var donor = Foreign().Bytes;
                var from = random.Next(donor.Length + 1);
                bytes.InsertRange(at, donor.AsSpan(from, random.Next(Math.Min(donor.Length - from, 64) + 1)).ToArray());
                break;
            default:
                var fill = (byte)(random.Next(2) == 0 ? 0 : random.Next(256));
                var most = random.Next(16) == 0 ? target.MostBytes : 40;
                bytes.InsertRange(at, Enumerable.Repeat(fill, random.Next(most)));
                break;
        }

        return [.. bytes];
    }

    byte[] Cut(byte[] bytes) => bytes.Length > target.MostBytes ? bytes[..target.MostBytes] : bytes;
}
