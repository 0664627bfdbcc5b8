using System.Runtime.InteropServices;

namespace Portunus.Server;

/// <summary>SIGHUP, by which an operator has files read again; one reading after the other.</summary>
static class Hangup
{
    /// <param name="work">Says by itself what went wrong; what it throws is said as a defect.</param>
    public static IDisposable Do(Func<Task> work)
    {
        var oneAtATime = new SemaphoreSlim(1);
        return PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _ = Task.Run(async () =>
            {
                await oneAtATime.WaitAsync();
                try
                {
                    await work();
                }
                catch (Exception e)
                {
                    // A mistake of ours, in a task that nobody awaits: said, or the operator waits for a line that never comes.
                    Warnings.Write($"nothing was taken over, by a defect: {e}");
                }
                finally
                {
                    oneAtATime.Release();
                }
            });
        });
    }
}
