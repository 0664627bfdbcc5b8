namespace Portunus.Nodes.Wic;

/// <summary>
/// Has the next of something that ends, each time at half of its life; what fails is tried again while there is time.
/// </summary>
static class Renewal
{
    // Between two attempts: a quarter of the time left, and no less than this.
    static readonly TimeSpan Breath = TimeSpan.FromSeconds(1);

    /// <param name="due">From now; null for what does not end.</param>
    /// <param name="lifetime">From now.</param>
    /// <param name="timeline">Is told of failures.</param>
    /// <param name="renew">Gets the next, and says when the one after is due, and its lifetime.</param>
    /// <param name="over">Ends it.</param>
    public static async Task RunAsync(
        TimeSpan? due, TimeSpan lifetime, Timeline timeline,
        Func<CancellationToken, Task<(TimeSpan? Due, TimeSpan Lifetime)>> renew, CancellationToken over)
    {
        try
        {
            var rest = lifetime;
            while (due is { } wait)
            {
                await Task.Delay(wait, over);
                rest -= wait;
                try
                {
                    (due, rest) = await renew(over);
                }
                catch (RefusedException refused)
                {
                    timeline.Mark("withheld", refused.Message);
                    due = rest / 4 > Breath ? rest / 4 : Breath;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Nobody needs it any more.
        }
    }
}
