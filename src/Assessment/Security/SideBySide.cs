namespace Portunus.Assessment.Security;

/// <summary>Tries ways beside each other: most of the time is spent waiting for what may not come.</summary>
static class SideBySide
{
    /// <summary>Tries all of them. One that fails is said to be missing, and the others go on.</summary>
    /// <param name="name">Of the experiment.</param>
    /// <param name="ways">Each is a step.</param>
    /// <param name="lanes">How many at a time.</param>
    /// <param name="tryAsync">Puts what it finds in the draft.</param>
    /// <param name="draft">Is told what is missing.</param>
    /// <param name="stepDone">Called after each.</param>
    /// <param name="stop">Ends it.</param>
    public static Task RunAsync(
        string name, IReadOnlyList<TriedWay> ways, int lanes, Func<TriedWay, CancellationToken, Task> tryAsync, Draft draft,
        Action stepDone, CancellationToken stop) => Parallel.ForEachAsync(
        ways, new ParallelOptions { MaxDegreeOfParallelism = lanes, CancellationToken = stop },
        async (way, token) =>
        {
            try
            {
                await tryAsync(way, token);
            }
            catch (Exception e) when (!token.IsCancellationRequested)
            {
                draft.Miss($"{name}: {way}: {e.Message}");
            }

            stepDone();
        });
}
