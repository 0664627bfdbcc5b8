namespace Portunus.Tests.Fast;

/// <summary>What code takes from the heap.</summary>
static class Heap
{
    /// <summary>Bytes that as many runs take, after a hundred to warm up; the least of three rounds, since the runtime allocates
    /// once for what it makes ready when it likes, and the code would each time.</summary>
    public static long TakenBy(Action run, int times = 1_000)
    {
        for (var i = 0; i < 100; i++) run();
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least > 0; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var i = 0; i < times; i++) run();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
