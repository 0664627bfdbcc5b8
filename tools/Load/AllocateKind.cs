using System.Diagnostics;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Load;

/// <summary>One kind of credential at one server.</summary>
/// <param name="Name">In the table.</param>
/// <param name="Server">Where it listens.</param>
/// <param name="Process">Its id.</param>
/// <param name="Draw">A credential for the next allocation; null when there are no more.</param>
sealed record AllocateKind(string Name, TransportAddress Server, int Process, Func<TurnClientSettings?> Draw)
{
    readonly Series _perSecond = new(), _cpu = new(), _perSecondToFirst = new(), _cpuToFirst = new();

    /// <summary>Made ready before each round.</summary>
    public Func<Task> Prepare { get; init; } = () => Task.CompletedTask;

    /// <summary>Allocations a second that are tried at most.</summary>
    public double MostPerSecond { get; init; } = double.PositiveInfinity;

    /// <summary>Its row of the table.</summary>
    public string Row =>
        $"| {Name} | {_perSecond.Write("f0")} | {_perSecondToFirst.Write("f2")} | {_cpu.Write("f1")} | {_cpuToFirst.Write("f2")} |";

    /// <summary>Takes in a round's figures.</summary>
    /// <param name="own">Of this kind: Allocates a second, and microseconds of CPU.</param>
    /// <param name="first">The same of the kind that others are compared with, in the same round.</param>
    public void Add((double PerSecond, double Cpu) own, (double PerSecond, double Cpu) first)
    {
        _perSecond.Add(own.PerSecond);
        _cpu.Add(own.Cpu);
        _perSecondToFirst.Add(own.PerSecond / first.PerSecond);
        _cpuToFirst.Add(own.Cpu / first.Cpu);
    }

    /// <summary>Clients beside each other for a while.</summary>
    /// <returns>Allocations a second, microseconds of the server's CPU for each, and how often a client waited in vain or was
    /// refused and came again.</returns>
    public (double PerSecond, double Cpu, int Late) Measure(int clients, TimeSpan time)
    {
        var (made, begun, late) = (0, 0, 0);
        Exception? trouble = null;
        var before = CpuTime.Of(Process);
        var clock = Stopwatch.StartNew();
        var threads = Enumerable.Range(0, clients).Select(_ => new Thread(Work)).ToArray();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();
        var elapsed = clock.Elapsed;
        if (trouble is not null) throw new InvalidOperationException($"{Name}: {trouble.Message}", trouble);
        var used = CpuTime.Of(Process) - before;
        return (made / elapsed.TotalSeconds, used.TotalMicroseconds / Math.Max(made, 1), late);

        void Work()
        {
            var allocator = new Allocator(Server);
            try
            {
                while (clock.Elapsed < time)
                {
                    if (Volatile.Read(ref begun) >= clock.Elapsed.TotalSeconds * MostPerSecond)
                    {
                        Thread.Sleep(1);
                        continue;
                    }

                    Interlocked.Increment(ref begun);
                    if (Draw() is not { } credential) break;
                    allocator.AllocateSurely(credential);
                    Interlocked.Increment(ref made);
                }
            }
            catch (Exception e)
            {
                trouble = e;
            }

            Interlocked.Add(ref late, allocator.Late);
        }
    }
}
