using Portunus.Assessment.Scale;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Io.Assessment;

/// <summary>No other test runs beside these: they look at the memory of the process.</summary>
[CollectionDefinition(nameof(ScaleStateTests), DisableParallelization = true)]
public sealed class MemoryCollection;

[Collection(nameof(ScaleStateTests))]
public sealed class ScaleStateTests
{
    const int Users = 2000;

    [Fact]
    public void A_TURN_server_keeps_nothing_of_a_registered_user_of_Approach_1_and_something_of_Approach_2()
    {
        Assert.Equal(0, AtTurn(Way.A1));
        Assert.Equal(0, AtTurn(new("OAuth")));
        Assert.Equal(0, AtTurn(Way.Combined));
        // The two keys of a password alone have 48 bytes.
        Assert.InRange(AtTurn(Way.A2Push), 300, 3000);
        Assert.InRange(AtTurn(Way.A2Pull), 300, 3000);
        Assert.InRange(AtTurn(Way.S0), 200, 3000);

        static double AtTurn(Way way) => ScaleState.AtTurn(Of(way), Users).PerUser;
    }

    [Fact]
    public void An_edge_keeps_more_of_a_user_whose_credential_TURN_servers_were_told_of()
    {
        ScaleState.AtEdge(Of(Way.A1), 100);
        var (without, minted, told) = (AtEdge(new("OAuth")), AtEdge(Way.A1), AtEdge(Way.A2Push));
        Assert.InRange(without, 500, 20_000);
        Assert.True(without < minted && minted < told, $"{without}, {minted}, {told} bytes");

        static double AtEdge(Way way) => ScaleState.AtEdge(Of(way), Users / 4).PerUser;
    }

    static ScaleWay Of(Way way) => ScaleWay.All.Single(one => one.Way == way);
}
