using System.Collections.Immutable;

namespace Portunus.Assessment.Study;

/// <summary>What is measured, and how often.</summary>
public sealed record AssessmentPlan
{
    /// <summary>All chance of a run is drawn from it.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary><c>quick</c>, <c>default</c> or <c>full</c>, as it stands in the report.</summary>
    public required string Mode { get; init; }

    /// <summary>Solutions that are looked at; the report leaves the others out, and says so.</summary>
    public ImmutableArray<Way> Ways { get; init; } = [.. Way.All];

    /// <summary>Scenarios of the cells.</summary>
    public ImmutableArray<RegistrationScenario> Scenarios { get; init; } = [.. Enum.GetValues<RegistrationScenario>()];

    /// <summary>Networks of the cells over sockets.</summary>
    public required ImmutableArray<Network> Networks { get; init; }

    /// <summary>Networks of the cells in virtual time; those of <see cref="Networks"/> are among them.</summary>
    public required ImmutableArray<Network> VirtualNetworks { get; init; }

    /// <summary>Samples of a cell over sockets.</summary>
    public required int Samples { get; init; }

    /// <summary>Samples of a cell in virtual time.</summary>
    public required int VirtualSamples { get; init; }

    /// <summary>Runs without loss by which the traffic of a cell is counted.</summary>
    public int CountingRuns { get; init; } = 3;

    /// <summary>Whether experiments that mostly wait run beside each other; what they time is then less exact.</summary>
    public bool RunsBeside { get; init; }

    /// <summary>Whether clients that are not ours are tried, a browser among them.</summary>
    public bool TriesClients { get; init; } = true;

    /// <summary>The largest numbers of WAFs, TURN servers and edges that are really configured.</summary>
    public required int LargestFleet { get; init; }

    /// <summary>Numbers of users of which scale is measured, the least first.</summary>
    public ImmutableArray<int> Populations { get; init; } = [1000, 10_000, 100_000];

    /// <summary>How long a refusal or a cut is waited for that may never come.</summary>
    public TimeSpan Watch { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>Whether security is tried in every variant of a solution, for every end of a registration and the restart of every
    /// entity; else in one variant of each, when the core ends it, and of the TURN server.</summary>
    public bool IsThorough { get; init; } = true;

    /// <summary>Identities that an attacker tries with what leaked.</summary>
    public int Attempts { get; init; } = 20;

    /// <summary>Those of some solutions that are looked at; a token of OAuth is the same thing whenever it was fetched.</summary>
    public IEnumerable<T> Among<T>(IEnumerable<T> all, Func<T, Way> wayOf) =>
        all.Where(one => Ways.Any(way => way.Solution == wayOf(one).Solution
            && (way.Solution == Way.OAuthCold.Solution || way.Variant == wayOf(one).Variant)));

    /// <summary>As <see cref="Among{T}"/>.</summary>
    public IEnumerable<Way> Among(IEnumerable<Way> all) => Among(all, way => way);

    /// <summary>Where the temporary folders of the run are made.</summary>
    public string TemporaryFolder { get; init; } = Path.GetTempPath();

    /// <summary>Clients at a time in a cell over sockets. A client's processing takes a tenth of a second of one core, and is to be
    /// no part of what another one waits for: the longer the links, the more of them at a time.</summary>
    public static int LanesOver(Network network) => Math.Clamp((int)(network.RttMs / 5), 3, 30);

    /// <summary>About how long the cells over sockets take, on a machine that has nothing else to do: a client's life is some 31 round
    /// trips of a link and a third of a second of processing, and a lost segment costs its stream a second.</summary>
    public TimeSpan AboutSockets => TimeSpan.FromSeconds(Networks.Sum(network =>
    {
        const double RoundTripsOfLife = 31, Processing = 0.35, SegmentsOfLife = 60, CellsOfNetwork = 23, Beside = 3;
        var life = (RoundTripsOfLife * network.RttMs / 1000) + Processing + (SegmentsOfLife * network.Loss);
        return CellsOfNetwork / Beside * life * Math.Ceiling((double)Samples / LanesOver(network));
    }));

    static readonly double[] RoundTrips = [1, 20, 50, 150];
    static readonly double[] Losses = [0, 0.01, 0.03];

    static ImmutableArray<Network> Usual => [new(20, 0), new(50, 0.01), new(150, 0.03)];

    static ImmutableArray<Network> Grid => [.. RoundTrips.SelectMany(rtt => Losses.Select(loss => new Network(rtt, loss)))];

    /// <summary>Under ten minutes.</summary>
    public static AssessmentPlan Default { get; } = new()
    {
        Mode = "default", Networks = Usual, VirtualNetworks = Grid, Samples = 30, VirtualSamples = 1000, LargestFleet = 20,
    };

    /// <summary>Under a minute: enough to see that everything works.</summary>
    public static AssessmentPlan Quick { get; } = Default with
    {
        Mode = "quick", Networks = [new(20, 0)], VirtualNetworks = Usual, Samples = 3, VirtualSamples = 100, LargestFleet = 3,
        Populations = [500, 1000],
        CountingRuns = 1, TriesClients = false, RunsBeside = true,
        Watch = TimeSpan.FromSeconds(1), IsThorough = false, Attempts = 2,
    };

    /// <summary>The whole grid over sockets.</summary>
    public static AssessmentPlan Full { get; } = Default with { Mode = "full", Networks = Grid, VirtualSamples = 5000 };
}
