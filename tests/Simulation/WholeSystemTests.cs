using System.Globalization;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation;

/// <summary>
/// 200 worlds, each from its seed; a law that breaks prints the command that repeats its world alone: <c>SEED=n ./test sim</c>.
/// <c>SEEDS=n</c> runs n of them.
/// </summary>
public sealed class WholeSystemTests
{
    const ulong Seeds = 200;

    [Fact]
    public void Many_WICs_register_call_and_leave_over_two_workers_and_no_law_is_broken()
    {
        var count = Number("SEEDS") ?? Seeds;
        ulong[] seeds = Number("SEED") is { } one ? [one] : [.. Enumerable.Range(1, (int)count).Select(i => (ulong)i)];
        var scenarios = new Scenario[seeds.Length];
        // Two at a time: the budget is that of two cores.
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.For(0, seeds.Length, two, i => scenarios[i] = new Scenario(seeds[i]).Run());
        var all = new Summary(scenarios);
        // On the console, because what a test that passes says is shown nowhere else.
        Console.WriteLine(all);
        // One world alone may be an unlucky one.
        if (seeds.Length >= (int)Seeds) all.AssertAlive();
    }

    [Fact]
    public void The_same_seed_gives_the_same_world_to_the_byte()
    {
        foreach (var seed in new ulong[] { 1, 2, 3 })
            Assert.Equal(new Scenario(seed).Run().World.Hash, new Scenario(seed).Run().World.Hash);
        Assert.NotEqual(new Scenario(1).Run().World.Hash, new Scenario(2).Run().World.Hash);
    }

    [Fact]
    public void Where_nothing_goes_wrong_every_call_completes_and_every_datagram_arrives()
    {
        for (ulong seed = 1001; seed <= 1010; seed++)
        {
            var scenario = new Scenario(seed, weather: Weather.Calm).Run();
            Assert.True(scenario.Facts.CallsTried >= 5, $"seed {seed}");
            Assert.Equal((seed, scenario.Facts.CallsTried), (seed, scenario.Facts.CallsCompleted));
            Assert.Equal((seed, scenario.Facts.CallsTried), (seed, scenario.Facts.ByesHeard));
            Assert.Equal((seed, scenario.Facts.DatagramsSent), (seed, scenario.Facts.DatagramsDelivered));
            Assert.Equal((seed, scenario.Wics), (seed, scenario.Facts.Deregistrations));
            // The greedy WIC's surplus.
            Assert.Equal((seed, 2), (seed, scenario.Facts.RelaysRefused));
        }
    }

    [Fact]
    public void Calls_outlive_the_loss_of_every_WebSocket_within_the_grace()
    {
        for (ulong seed = 2001; seed <= 2010; seed++)
        {
            var scenario = new Scenario(seed, weather: Weather.WebSocketsLost).Run();
            // The edge may hear of a loss when the WIC has come back already.
            Assert.InRange(scenario.Facts.FlowsLost, scenario.Wics / 2, scenario.Wics);
            Assert.Equal((seed, scenario.Facts.CallsTried), (seed, scenario.Facts.CallsCompleted));
            Assert.Equal((seed, scenario.Facts.CallsTried), (seed, scenario.Facts.ByesHeard));
        }
    }

    [Fact]
    public void Whom_the_core_deregisters_loses_its_WebSocket_comes_back_and_registers_again()
    {
        for (ulong seed = 4001; seed <= 4005; seed++)
        {
            var scenario = new Scenario(seed, weather: Weather.Ordered).Run();
            Assert.Equal((seed, scenario.Wics), (seed, scenario.Facts.EndedByCore));
            Assert.True(scenario.Facts.Registrations >= 2 * scenario.Wics, $"seed {seed}");
            Assert.Equal((seed, scenario.Wics), (seed, scenario.Facts.Deregistrations));
        }
    }

    [Fact]
    public void A_relay_whose_clock_is_two_hours_ahead_takes_no_credential_and_nothing_else_suffers()
    {
        var scenario = new Scenario(3001, weather: Weather.ClockAhead).Run();
        Assert.Equal(0, scenario.Facts.Allocations);
        Assert.Equal(scenario.Wics, scenario.Facts.Deregistrations);
        Assert.True(scenario.Facts.RelaysRefused >= scenario.Facts.CallsTried);
    }

    static ulong? Number(string variable) =>
        Environment.GetEnvironmentVariable(variable) is { Length: > 0 } text
            ? ulong.Parse(text, CultureInfo.InvariantCulture)
            : null;

    /// <summary>What happened in all worlds together: a dead system breaks no law, so it must be seen to live.</summary>
    sealed record Summary(IReadOnlyList<Scenario> Scenarios)
    {
        public override string ToString() =>
            $"{Scenarios.Count} worlds, {Scenarios.Sum(s => s.Wics)} WICs, {Scenarios.Sum(s => s.World.Events)} events; "
            + $"registrations {Sum(f => f.Registrations)}, deregistrations {Sum(f => f.Deregistrations)}, "
            + $"credentials {Sum(f => f.Credentials)} of which {Sum(f => f.CredentialsByOptions)} by OPTIONS; "
            + $"calls tried {Sum(f => f.CallsTried)}, completed {Sum(f => f.CallsCompleted)}, "
            + $"messages {Sum(f => f.MessagesDelivered)}, knocks refused {Sum(f => f.KnocksRefused)}; "
            + $"allocations {Sum(f => f.Allocations)}, refused {Sum(f => f.RelaysRefused)}; "
            + $"stale nonces {Scenarios.Sum(s => s.StaleNonces)}; "
            + $"datagrams sent {Sum(f => f.DatagramsSent)}, delivered {Sum(f => f.DatagramsDelivered)}; "
            + $"flows lost {Sum(f => f.FlowsLost)}, ended by the core {Sum(f => f.EndedByCore)}; "
            + $"questions {Sum(f => f.Questions)} of which {Sum(f => f.Tokens)} about tokens and "
            + $"{Sum(f => f.Pushes)} pushes; withdrawals {Sum(f => f.Withdrawals)}";

        public void AssertAlive()
        {
            var wics = Scenarios.Sum(s => s.Wics);
            Assert.True(Sum(f => f.Registrations) >= wics, "every WIC registers");
            Assert.True(Sum(f => f.Deregistrations) >= wics * 9 / 10, "most WICs deregister");
            Assert.True(Sum(f => f.CallsTried) >= Scenarios.Count * 4, "there are calls");
            Assert.True(Sum(f => f.CallsCompleted) >= Sum(f => f.CallsTried) * 8 / 10, "most calls complete");
            Assert.True(Sum(f => f.DatagramsDelivered) >= Sum(f => f.DatagramsSent) * 85 / 100, "most datagrams arrive");
            Assert.True(Sum(f => f.MessagesDelivered) >= Scenarios.Count * 2, "messages arrive");
            Assert.True(Sum(f => f.KnocksRefused) >= Scenarios.Count * 9 / 10, "who has left is not reached");
            Assert.True(Sum(f => f.RelaysRefused) > 0, "some relays are refused");
            Assert.True(Sum(f => f.CredentialsByOptions) > 0, "credentials are refreshed");
            Assert.True(Sum(f => f.Tokens) >= wics / 4, "some WICs register by token");
            Assert.True(Sum(f => f.Pushes) >= wics / 4, "some worlds push credentials");
            Assert.True(Sum(f => f.Withdrawals) >= wics / 4, "and withdraw them");
            Assert.True(Sum(f => f.EndedByCore) > Scenarios.Count / 4, "the core ends registrations");
            Assert.True(Sum(f => f.FlowsLost) > 0 && Scenarios.Sum(s => s.StaleNonces) > 0, "faults happen");
        }

        int Sum(Func<Facts, int> what) => Scenarios.Sum(s => what(s.Facts));
    }
}
