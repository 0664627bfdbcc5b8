namespace Portunus.Tests.Io;

/// <summary>Waits for what another thread or process is about to do, and fails after a minute, on any machine more than enough.</summary>
static class Eventually
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);

    public static Task TrueAsync(Func<bool> holds, Func<string>? otherwise = null) =>
        TrueAsync(() => Task.FromResult(holds()), otherwise);

    /// <param name="holds">Looked at fifty times a second.</param>
    /// <param name="otherwise">What the failure says.</param>
    public static async Task TrueAsync(Func<Task<bool>> holds, Func<string>? otherwise = null)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            var isPatient = TimeProvider.System.GetElapsedTime(start) < Patience;
            Assert.True(isPatient, otherwise?.Invoke() ?? "It did not come to pass within a minute.");
            await Task.Delay(Look, TestContext.Current.CancellationToken);
        }
    }
}
