using System.Runtime.InteropServices;
using Portunus.Fuzz.Engine;

namespace Portunus.Fuzz.Targets;

/// <summary>Ends its process from native code at some inputs; shows that even this leaves the input behind. It is none of "all".</summary>
sealed partial class CrashTarget : Target
{
    public override byte Kinds => 1;

    public override IEnumerable<Step[]> Seeds() => [[new(0, 0, [1, 2, 3])]];

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        if (steps.Any(step => step.Bytes is [_, > 0x7F, ..])) abort();
    }

    [LibraryImport("libc")]
    private static partial void abort();
}
