using System.Collections.Immutable;
using Portunus.Assessment.Cells;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Simulation;

namespace Portunus.Assessment.Virtual;

/// <summary>One cell in virtual time: many clients, some of them in a world, each world with a seed of its own.</summary>
/// <param name="calibration">Of the solution in the scenario.</param>
/// <param name="network">Of all links.</param>
/// <param name="seed">Of the whole run.</param>
sealed class VirtualCell(Calibration calibration, Network network, ulong seed)
{
    /// <summary>Clients of one world: below the 16 calls that the callee's agent has at a time.</summary>
    const int Together = 12;

    /// <summary>More chances of a loss than one client has may another have: polls fall into its time as they come.</summary>
    const int MoreChances = 12;

    /// <summary>In a cell of few samples all are run; a p95 of fewer would be one client's.</summary>
    const int LeastHarmed = 100;

    /// <summary>Times to a hundredth of a millisecond: what is below says nothing.</summary>
    const int Digits = 2;

    /// <summary>Quantiles in place of samples, one each half percent: a thousand samples of each cell would be a file of 20 MB.</summary>
    const int Quantiles = 200;

    const ulong FnvOffset = 14695981039346656037, FnvPrime = 1099511628211;

    readonly ulong _seed = SeedOf(calibration.Cell, network, seed);

    /// <summary>Runs as many clients as are wanted; but who loses nothing fares as a client without losses with the same service times,
    /// and is not run again: the chances of a loss are drawn as the links would.</summary>
    /// <param name="samples">How many.</param>
    /// <param name="stop">Ends it early.</param>
    public CellResult Run(int samples, CancellationToken stop)
    {
        var random = new SeededRandom(_seed);
        VirtualClient[] clients =
        [
            // In turn, and not by chance: where clients over sockets are few and far apart, their median stays theirs.
            .. Enumerable.Range(0, samples).Select(i => i % Services.Length)
                .Select(which => new VirtualClient(which, Services[which], random.Next())),
        ];
        var unharmed = Run(network with { Loss = 0 }, [.. Services.Select((one, which) => new VirtualClient(which, one, 0))], stop);
        var chances = network.Loss == 0 ? 0 : ChancesOfOne() + MoreChances;
        var loses = clients.Select(client => client.LosesWithin(chances, network.Loss)).ToArray();
        var harmed = Run(network, [.. clients.Where((_, i) => loses[i]).Take(MostHarmed(samples))], stop);
        var next = 0;
        return Result(
            [.. clients.Select((client, i) => loses[i] ? harmed[next++ % harmed.Count] : unharmed[client.Which])],
            unharmed.Count + harmed.Count);
    }

    /// <summary>Clients with losses that are run; where more were drawn, each of these stands for several.</summary>
    static int MostHarmed(int samples) => Math.Max(LeastHarmed, samples * 3 / 10);

    ImmutableArray<ServiceTimes> Services => calibration.Services;

    /// <summary>How many chances of a loss a client has that loses nothing.</summary>
    long ChancesOfOne()
    {
        using var world = World(network with { Loss = double.Epsilon }, [new(0, Services[0], 0)], _seed);
        return world.Run()[0].Sample is null ? long.MaxValue : world.LossDraws;
    }

    VirtualWorld World(Network over, IReadOnlyList<VirtualClient> clients, ulong worldSeed) => new(
        calibration.Cell.Way, calibration.Cell.Scenario, over, calibration.Steps, clients, worldSeed);

    IReadOnlyList<CallerHost> Run(Network over, IReadOnlyList<VirtualClient> clients, CancellationToken stop)
    {
        var batches = clients.Chunk(Together).ToArray();
        var done = new IReadOnlyList<CallerHost>[batches.Length];
        Parallel.For(
            0, batches.Length, new ParallelOptions { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount },
            batch =>
            {
                using var world = World(over, batches[batch], _seed ^ (ulong)(batch + 1));
                done[batch] = world.Run();
            });
        return [.. done.SelectMany(batch => batch)];
    }

    CellResult Result(IReadOnlyList<CallerHost> clients, int runs)
    {
        Sample[] samples = [.. clients.Select(client => client.Sample).OfType<Sample>()];
        return new()
        {
            Solution = calibration.Cell.Solution,
            Variant = calibration.Cell.Variant,
            Scenario = calibration.Cell.Scenario,
            Network = network,
            Status = CellStatus.Modelled,
            Reason = samples.Length == clients.Count ? null : Failures(clients),
            Metrics = MetricName.All.ToImmutableSortedDictionary(name => name, name => MetricOf(samples, name)),
            Keys = calibration.Cell.Keys,
            Runs = runs,
        };
    }

    /// <summary>Who came to nothing is in no sample; the reader must know of it.</summary>
    static string Failures(IReadOnlyList<CallerHost> clients)
    {
        var reasons = clients.Where(client => client.Failure is not null).CountBy(client => client.Failure!)
            .OrderByDescending(reason => reason.Value).ThenBy(reason => reason.Key, StringComparer.Ordinal)
            .Select(reason => $"{reason.Value} times: {reason.Key}");
        return $"Of {clients.Count} clients {clients.Count(client => client.Sample is null)} came to nothing. {string.Join(' ', reasons)}";
    }

    static Metric MetricOf(IReadOnlyList<Sample> samples, string name)
    {
        double[] all = [.. samples.Select(sample => Math.Round(sample.Of(name), Digits))];
        if (all.Length <= Quantiles) return new("ms", [.. all]);
        Array.Sort(all);
        // By the nearest rank, as Metric has percentiles: those of the quantiles are those of the samples.
        var ranks = Enumerable.Range(1, Quantiles).Select(i => (int)Math.Ceiling((double)i * all.Length / Quantiles));
        return new("ms", [.. ranks.Select(rank => all[rank - 1])]) { Of = all.Length };
    }

    static ulong SeedOf(CellResult cell, Network network, ulong seed)
    {
        var hash = FnvOffset; // FNV-1a: string.GetHashCode differs from run to run.
        foreach (var letter in $"{cell.Way}/{cell.Scenario}/{network}") hash = (hash ^ letter) * FnvPrime;
        return seed ^ hash;
    }
}
