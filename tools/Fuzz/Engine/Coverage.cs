using System.Runtime.InteropServices;
using SharpFuzz.Common;

namespace Portunus.Fuzz.Engine;

/// <summary>Which branches were taken, and about how often, as AFL counts them: what no input before did is worth keeping.</summary>
sealed unsafe class Coverage
{
    const int Size = 1 << 16;

    readonly byte* _map = (byte*)NativeMemory.AllocZeroed(Size);
    readonly byte[] _seen = new byte[Size];

    /// <summary>From here on instrumented code counts into this; it must be made before any of it runs.</summary>
    public Coverage() => Trace.SharedMem = _map;

    /// <summary>Branches and decisions seen so far.</summary>
    public int Seen { get; private set; }

    /// <summary>A decision that is worth telling apart where code is not instrumented, or is one branch for all.</summary>
    public void Note(int kind, int value) => _map[((uint)kind * 8191 + (uint)value * 31) % Size]++;

    /// <summary>Whether the run since the last call did what none had done; forgets the run.</summary>
    public bool TakeNew()
    {
        var isNew = false;
        var words = new Span<ulong>(_map, Size / sizeof(ulong));
        for (var word = 0; word < words.Length; word++)
        {
            if (words[word] == 0) continue;
            for (var at = word * sizeof(ulong); at < (word + 1) * sizeof(ulong); at++)
            {
                var bucket = Bucket(_map[at]);
                if ((bucket & ~_seen[at]) == 0) continue;
                if (_seen[at] == 0) Seen++;
                _seen[at] |= bucket;
                isNew = true;
            }

            words[word] = 0;
        }

        Trace.PrevLocation = 0;
        return isNew;
    }

    static byte Bucket(byte count) => count switch
    {
        0 => 0, 1 => 1, 2 => 2, 3 => 4, < 8 => 8, < 16 => 16, < 32 => 32, < 128 => 64, _ => 128,
    };
}
