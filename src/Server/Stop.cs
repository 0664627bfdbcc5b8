using System.Runtime.InteropServices;

namespace Portunus.Server;

/// <summary>The wish of the operator that the process ends: Ctrl-C, SIGTERM and SIGQUIT are one and the same.</summary>
/// <remarks>A second signal is left to the system, which ends the process at once.</remarks>
sealed class Stop : IDisposable
{
    readonly CancellationTokenSource _wished = new();
    readonly PosixSignalRegistration[] _registrations;

    public Stop() => _registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, On),
        PosixSignalRegistration.Create(PosixSignal.SIGQUIT, On),
    ];

    /// <summary>Cancelled when a signal came.</summary>
    public CancellationToken Wished => _wished.Token;

    /// <summary>Ends, without an exception, when a signal came.</summary>
    public Task Task
    {
        get
        {
            var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wished.Token.Register(ended.SetResult);
            return ended.Task;
        }
    }

    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _wished.Dispose();
    }

    void On(PosixSignalContext context)
    {
        context.Cancel = !_wished.IsCancellationRequested;
        _wished.Cancel();
    }
}
