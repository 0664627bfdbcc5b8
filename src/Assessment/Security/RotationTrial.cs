using Portunus.Assessment.Systems;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>Clients that take a fresh credential, allocate by it and give the relay back, again and again, while keys change.</summary>
sealed class RotationTrial : IAsyncDisposable
{
    public const int Clients = 4;

    /// <summary>A load, and no race for the last cycle of the machine that also has to answer.</summary>
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    readonly DrillSite _site;
    readonly CancellationTokenSource _over;
    readonly List<WicSession> _sessions = [];
    readonly int[] _rounds = new int[Clients];
    Task[] _running = [];
    int _tried;
    int _failed;

    RotationTrial(DrillSite site, CancellationToken stop)
    {
        _site = site;
        _over = CancellationTokenSource.CreateLinkedTokenSource(stop);
    }

    public int Tried => Volatile.Read(ref _tried);

    public int Failed => Volatile.Read(ref _failed);

    /// <summary>What the first failure was; null without one.</summary>
    public string? FirstFailure { get; private set; }

    /// <summary>What a client was given last.</summary>
    public TurnClientSettings Last { get; private set; } = new();

    public static async Task<RotationTrial> BeginAsync(DrillSite site, CancellationToken stop)
    {
        var trial = new RotationTrial(site, stop);
        try
        {
            for (var client = 0; client < Clients; client++)
            {
                var session = await site.SignInAsync(stop);
                trial._sessions.Add(session);
                await DrillSite.ShownAsync(session, stop);
            }

            trial._running = [.. Enumerable.Range(0, Clients).Select(client => Task.Run(() => trial.RunAsync(client), stop))];
            return trial;
        }
        catch
        {
            await trial.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every client has gone through whole rounds that began after now.</summary>
    /// <exception cref="TimeoutException">They did not within that time.</exception>
    public async Task RoundsAsync(int count, TimeSpan patience)
    {
        // The one that is under way began before.
        int[] goals = [.. _rounds.Select(rounds => rounds + count + 1)];
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_over.Token);
        end.CancelAfter(patience);
        try
        {
            while (Enumerable.Range(0, Clients).Any(client => Volatile.Read(ref _rounds[client]) < goals[client]))
                await Task.Delay(Look, end.Token);
        }
        catch (OperationCanceledException) when (!_over.IsCancellationRequested)
        {
            throw new TimeoutException($"The clients did not go on within {patience.TotalSeconds:0} s.");
        }
    }

    /// <summary>Ends the load; all that was begun is counted.</summary>
    public async Task EndAsync()
    {
        await _over.CancelAsync();
        await Task.WhenAll(_running);
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        foreach (var session in _sessions) await session.DisposeAsync();
        _over.Dispose();
    }

    async Task RunAsync(int client)
    {
        while (!_over.IsCancellationRequested)
            try
            {
                var shown = await FreshAsync(_sessions[client], _over.Token);
                Last = shown;
                var said = await _site.TryAsync(shown, _over.Token);
                Interlocked.Increment(ref _tried);
                if (!said.IsSuccess) Fail($"{said} to an Allocate");
                Interlocked.Increment(ref _rounds[client]);
                await Task.Delay(Pause, _over.Token);
            }
            catch (OperationCanceledException) when (_over.IsCancellationRequested)
            {
                return;
            }
            catch (Exception refused)
            {
                // No credential is no relay either.
                Interlocked.Increment(ref _tried);
                Fail(refused.Message);
                Interlocked.Increment(ref _rounds[client]);
            }
    }

    void Fail(string why)
    {
        FirstFailure ??= why;
        Interlocked.Increment(ref _failed);
    }

    static async Task<TurnClientSettings> FreshAsync(WicSession session, CancellationToken stop)
    {
        if (session.Credential is not null) await session.RenewAsync(stop);
        return await DrillSite.HeldAsync(session, StudySystem.TurnName, stop);
    }
}
