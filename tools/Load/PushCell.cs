using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Portunus.Credentials;
using Portunus.Nodes.Transfer;

namespace Portunus.Load;

/// <summary>One way of telling credentials, to so many servers.</summary>
/// <param name="name">In the table.</param>
/// <param name="servers">All of which must acknowledge.</param>
sealed class PushCell(string name, string[] servers)
{
    readonly Series _perSecond = new(), _half = new(), _most = new(), _cpu = new();

    /// <summary>One round; every push is of a new name. Round 0 counts for nothing.</summary>
    /// <exception cref="InvalidOperationException">One in a hundred was not acknowledged by all servers.</exception>
    /// <param name="round">From 0.</param>
    /// <param name="edge">Pushes.</param>
    /// <param name="credentials">Draws what is pushed.</param>
    /// <param name="process">Of the first server.</param>
    /// <param name="pushes">Beside each other.</param>
    /// <param name="alone">One after the other.</param>
    /// <param name="beside">How many wait at a time.</param>
    public async Task MeasureAsync(
        int round, TransferNode edge, EdgeCredentials credentials, int process, int pushes, int alone, int beside)
    {
        var missed = 0;
        // Derived beforehand: what a credential costs to make is measured elsewhere.
        var drawn = new Queue<PushedCredential>(Enumerable.Range(0, pushes + alone).Select(_ => credentials.Draw()));
        var before = CpuTime.Of(process);
        var clock = Stopwatch.StartNew();
        await Task.WhenAll(Enumerable.Range(0, beside).Select(_ => PushManyAsync()));
        var perSecond = pushes / clock.Elapsed.TotalSeconds;
        var cpu = (CpuTime.Of(process) - before).TotalMicroseconds / pushes;
        var times = new List<double>(alone);
        while (drawn.TryDequeue(out var credential))
        {
            clock.Restart();
            await PushAsync(credential);
            times.Add(clock.Elapsed.TotalMilliseconds);
        }

        times.Sort();
        var (half, most) = (times[alone / 2], times[alone * 99 / 100]);
        Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"round {round} {name}: {perSecond:f0}/s, alone p50 {half:f2} ms, p99 {most:f2} ms, CPU {cpu:f0} us, {missed} missed"));
        if (missed * 100 > pushes) throw new InvalidOperationException($"{name}: {missed} pushes were not acknowledged.");
        if (round == 0) return;
        _perSecond.Add(perSecond);
        _half.Add(half);
        _most.Add(most);
        _cpu.Add(cpu);

        async Task PushManyAsync()
        {
            while (TryDraw(out var credential)) await PushAsync(credential);
        }

        bool TryDraw([NotNullWhen(true)] out PushedCredential? credential)
        {
            lock (drawn)
            {
                credential = null;
                return drawn.Count > alone && drawn.TryDequeue(out credential);
            }
        }

        async Task PushAsync(PushedCredential credential)
        {
            if ((await edge.PushAsync(credential, servers, CancellationToken.None)).Count < servers.Length)
                Interlocked.Increment(ref missed);
        }
    }

    public override string ToString() =>
        $"| {name} | {_perSecond.Write("f0")} | {_half.Write("f2")} | {_most.Write("f2")} | {_cpu.Write("f0")} |";
}
