using System.Collections.Immutable;
using Portunus.Assessment.Links;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Assessment.Cells;

/// <summary>
/// Counts what one client costs by link: some runs without loss, of which the least of each figure counts, since what happens beside
/// them (polls between edge and TURN server, a datagram sent twice) only adds.
/// </summary>
sealed class Traffic(StudySystem system, RegistrationScenario scenario, int runs)
{
    /// <summary>Short, and long enough that nothing is sent twice.</summary>
    static readonly Network Counted = new(4, 0);

    /// <summary>Of the edge, whose answer takes milliseconds.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    readonly List<(ImmutableArray<LinkCount> Registration, ImmutableArray<LinkCount> Call)> _runs = [];
    readonly List<Sample> _samples = [];
    readonly List<IReadOnlyList<StepCount>> _steps = [];
    readonly RegEvents _watches = new(system.Mw, system.MwBack);
    int _sip;

    /// <summary>From sign-in to registration, and from the click to media.</summary>
    public (ImmutableArray<LinkCount> Registration, ImmutableArray<LinkCount> Call) Counts { get; private set; } = ([], []);

    /// <summary>What each step until media cost on streams.</summary>
    public ImmutableArray<StepCount> Steps { get; private set; } = [];

    /// <summary>The moments of those runs: what the machine itself takes, the links' four milliseconds aside.</summary>
    public IReadOnlyList<Sample> Samples => _samples;

    public async Task CountAsync(Callee callee, CancellationToken stop)
    {
        system.Model.Network = Counted;
        for (var run = 0; run < runs; run++) await RunAsync(callee, stop);
        Steps = StepCounts.Least(_steps);
        Counts = (Least(_runs.Select(one => one.Registration)), Least(_runs.Select(one => one.Call)));
    }

    async Task RunAsync(Callee callee, CancellationToken stop)
    {
        // The end of the client before this one has passed.
        await SettleAsync(told: 0, stop);
        var told = _watches.Told;
        var before = Snapshot();
        var (registered, heard) = (before, before);
        var steps = new StepCounts(system.Links);
        var client = new ClientRun(system, scenario, user: 0)
        {
            OnSip = (_, _) => Interlocked.Increment(ref _sip),
            OnRegistered = async () =>
            {
                // The edge watches a registration that it has answered: by chance the call would have had that.
                await SettleAsync(told + 1, stop);
                registered = Snapshot();
            },
            OnHeard = () => heard = Snapshot(),
            OnStep = step => steps.End(step.Name),
        };
        _samples.Add(await client.RunAsync(callee, stop));
        _steps.Add(steps.All);
        _runs.Add((Between(before, registered), Between(registered, heard)));
    }

    /// <summary>Where an edge has not heard that the client before this one signed off, it watches already, and asks nothing.</summary>
    async Task SettleAsync(int told, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        await _watches.AtRestAsync(told, patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        stop.ThrowIfCancellationRequested();
    }

    (ImmutableArray<LinkCounts> Links, int Sip) Snapshot() =>
        ([.. system.Links.Select(link => link.Snapshot())], Volatile.Read(ref _sip));

    ImmutableArray<LinkCount> Between(
        (ImmutableArray<LinkCounts> Links, int Sip) before, (ImmutableArray<LinkCounts> Links, int Sip) after) =>
    [
        .. system.Links.Select((link, i) => Of(link, after.Links[i].Minus(before.Links[i]), after.Sip - before.Sip))
            .Where(count => count.Bytes > 0 || count.Connections > 0),
    ];

    /// <summary>A stream shows no messages: of SIP the client counts them; in HTTP and ng each question here waits for its
    /// answer.</summary>
    static LinkCount Of(EmulatedLink link, LinkCounts counts, int sip) => new()
    {
        Link = link.Name,
        From = link.From,
        To = link.To,
        Protocol = link.Protocol,
        Connections = link is StreamLink ? counts.Connections : 0,
        Handshakes = link is StreamLink ? counts.Connections + counts.HandshakeRoundTrips : 0,
        HandshakeBytes = counts.HandshakeBytes,
        Messages = link is DatagramLink ? counts.MessagesUp + counts.MessagesDown : link.Name == LinkName.W2 ? sip : 2 * counts.RoundTrips,
        Bytes = counts.BytesUp + counts.BytesDown,
        RoundTrips = counts.RoundTrips,
    };

    static ImmutableArray<LinkCount> Least(IEnumerable<ImmutableArray<LinkCount>> runs)
    {
        var all = runs.ToArray();
        return
        [
            .. all[0].Select(first => first.Link)
                .Where(link => all.All(run => run.Any(count => count.Link == link)))
                .Select(link => all.Select(run => run.First(count => count.Link == link)).Aggregate(Lesser)),
        ];
    }

    static LinkCount Lesser(LinkCount a, LinkCount b) => a with
    {
        Connections = Math.Min(a.Connections, b.Connections),
        Handshakes = Math.Min(a.Handshakes, b.Handshakes),
        HandshakeBytes = Math.Min(a.HandshakeBytes, b.HandshakeBytes),
        Messages = Math.Min(a.Messages, b.Messages),
        Bytes = Math.Min(a.Bytes, b.Bytes),
        RoundTrips = Math.Min(a.RoundTrips, b.RoundTrips),
    };
}
