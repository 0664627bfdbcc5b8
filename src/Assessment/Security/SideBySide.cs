namespace Portunus.Assessment.Security;

/// <summary>Tries ways beside each other: most of the time is spent waiting for what may not come.</summary>
static class SideBySide
{
    /// <summary>Tries all of them. One that fails is tried once more, which the report says; fails it again, it is missing, and the others
    /// go on.</summary>
    /// <param name="name">Of the experiment.</param>
    /// <param name="ways">Each is a step.</param>
    /// <param name="lanes">How many at a time.</param>
    /// <param name="tryAsync">Puts what it finds in the draft, all of it at its end.</param>
    /// <param name="draft">Is told what is missing.</param>
    /// <param name="stepDone">Called after each.</param>
    /// <param name="stop">Ends it.</param>
    public static Task RunAsync(
        string name, IReadOnlyList<TriedWay> ways, int lanes, Func<TriedWay, CancellationToken, Task> tryAsync, Draft draft,
        Action stepDone, CancellationToken stop)
    {
        var beside = new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = stop };
        return Parallel.ForEachAsync(ways, beside, async (way, token) =>
        {
            if (await FailureAsync(way, token) is { } first)
            {
                if (await FailureAsync(way, token) is { } second) draft.Miss($"{name}: {way}: {second}");
                else draft.LeaveOut($"{name}: {way}: the first of two attempts, which failed: {first}");
            }

            stepDone();
        });

        async Task<string?> FailureAsync(TriedWay way, CancellationToken token)
        {
            try
            {
                await tryAsync(way, token);
                return null;
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                return e.Message;
            }
        }
    }
}
