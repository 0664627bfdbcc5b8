using System.Net;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Nodes.Wic;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>Asks a TURN server for a relay, from a socket of its own each time, and gives it back.</summary>
/// <param name="server">Whom.</param>
/// <param name="from">An address of this machine; null for whichever the system takes.</param>
sealed class AllocateProbe(TransportAddress server, IPAddress? from = null)
{
    static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(10);
    static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    /// <summary>Whether there was a relay.</summary>
    /// <exception cref="RefusedException">The server did not answer.</exception>
    public async Task<bool> AskAsync(TurnClientSettings shown, CancellationToken stop)
    {
        using var client = new RelayClient(server, shown, from);
        try
        {
            await client.AllocateAsync(stop);
        }
        catch (RefusedException) when (client.Failure is not (null or TurnClientFailure.Timeout or TurnClientFailure.Unreachable))
        {
            return false;
        }

        await client.ReleaseAsync(Farewell);
        return true;
    }

    /// <summary>How many of them give a relay.</summary>
    public async Task<int> CountAsync(IEnumerable<TurnClientSettings> tried, CancellationToken stop)
    {
        var worked = 0;
        foreach (var one in tried)
            if (await AskAsync(one, stop)) worked++;
        return worked;
    }

    /// <summary>When it was refused; null when that did not come within <paramref name="patience"/>.</summary>
    public async Task<Instant?> UntilRefusedAsync(TurnClientSettings shown, TimeSpan patience, CancellationToken stop)
    {
        using var bound = CancellationTokenSource.CreateLinkedTokenSource(stop);
        bound.CancelAfter(patience);
        try
        {
            while (await AskAsync(shown, bound.Token)) await Task.Delay(Pause, bound.Token);
            return SystemClock.Now;
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return null;
        }
    }
}
