using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Portunus.Server;

/// <summary>The wish of the operator that the process ends: Ctrl-C, SIGTERM and SIGQUIT are one and the same.</summary>
/// <remarks>A signal that comes well after the first is left to the system, which ends the process at once.</remarks>
sealed class Stop : IDisposable
{
    // timeout(1) and others send one wish twice, to the process and to its group; a hand takes longer to lose patience.
    static readonly TimeSpan SameWish = TimeSpan.FromMilliseconds(500);

    readonly Lock _turn = new();
    readonly CancellationTokenSource _wished = new();
    readonly PosixSignalRegistration[] _registrations;
    long? _first;

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
        lock (_turn)
        {
            _first ??= Stopwatch.GetTimestamp();
            context.Cancel = Stopwatch.GetElapsedTime(_first.Value) < SameWish;
            // Not twice: by then it may be disposed of.
            if (!_wished.IsCancellationRequested) _wished.Cancel();
        }
    }
}
