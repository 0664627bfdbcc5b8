using Portunus.Assessment.Management;
using Portunus.Assessment.Study;
using Portunus.Nodes;

namespace Portunus.Tests.Io.Assessment;

/// <summary>Two WAFs, two TURN servers and two eP-CSCFs that really run, and what a change touches of them.</summary>
public sealed class FleetTests : IAsyncDisposable
{
    static readonly FleetSize Two = new(2, 2, 2);

    readonly WafPool _pool = new(Path.GetTempPath());

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public ValueTask DisposeAsync() => _pool.DisposeAsync();

    [Theory]
    [InlineData(false, true, 1 + 2)]
    [InlineData(false, false, 1 + 2)]
    [InlineData(true, true, 1)]
    [InlineData(true, false, 1)]
    public async Task One_more_TURN_server_touches_each_WAF_with_keys_by_hand_and_none_with_fetched_ones(
        bool isAutomatic, bool isThirdParty, int touched)
    {
        await using var fleet = _pool.Begin(new(new("OAuth"), isAutomatic, isThirdParty));
        await fleet.ResizeAsync(Two with { Turns = 1 });
        var sites = await fleet.ResizeAsync(Two);
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        Assert.Equal(touched, sites.Count);
        Assert.Equal(isAutomatic ? 0 : 2, sites.OfType<WafSite>().Count());
        // A key of each WAF at each TURN server, and again at the WAF; or a certificate and the authorities of the other side.
        Assert.Equal(isAutomatic ? (2 * (1 + (isThirdParty ? 2 : 1))) + 2 : 2 * 2 * 2, fleet.Installed);
        Assert.Equal(isThirdParty ? 4 : 0, fleet.Outside);
    }

    [Fact]
    public async Task Keys_by_hand_rotate_at_a_WAF_and_a_TURN_server_and_the_old_one_goes()
    {
        await using var fleet = _pool.Begin(new(new("OAuth"), IsAutomatic: false, IsThirdParty: true));
        await fleet.ResizeAsync(Two);
        var before = (fleet.Installed, Token: await fleet.Wafs[0].IssueAsync(fleet.Turns[0].Name, Stop));
        var touched = await fleet.RotateAsync();
        Assert.Equal<Site>([fleet.Wafs[0], fleet.Turns[0]], touched.OrderBy(site => site is TurnSite));
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        Assert.True(await fleet.Turns[0].AcceptsAsync(new() { Token = before.Token }, Stop));

        Assert.Equal<Site>([fleet.Turns[0]], await fleet.RetireAsync());
        Assert.Equal(before.Installed, fleet.Installed);
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        Assert.False(await fleet.Turns[0].AcceptsAsync(new() { Token = before.Token }, Stop));
    }

    [Fact]
    public async Task Fetched_keys_rotate_by_themselves()
    {
        await using var fleet = _pool.Begin(new(new("OAuth"), IsAutomatic: true, IsThirdParty: true));
        await fleet.ResizeAsync(Two);
        await FleetProbe.FetchedAsync(fleet, fleet.Wafs[0].RotateByItself, Stop);
        Assert.Empty(await fleet.RotateAsync());
        Assert.All(fleet.Turns, turn => Assert.InRange(turn.Fetched.Count, 3, 4));
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
    }

    [Theory]
    [InlineData("A1", "-", 1, 2 + 2)]
    [InlineData("A2", "push", 1 + 2, 1)]
    [InlineData("A2", "pull", 1 + 2, 1)]
    [InlineData("A2", "integrated", 1 + 2, 1)]
    [InlineData("Combined", "-", 1, 1 + 2)]
    public async Task With_credentials_of_the_eP_CSCF_no_WAF_counts(string solution, string variant, int oneMoreEdge, int rotation)
    {
        await using var fleet = _pool.Begin(new(new(solution, variant), IsAutomatic: false, IsThirdParty: true));
        await fleet.ResizeAsync(new(1, 1, 1));
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        var installed = fleet.Installed;
        Assert.Empty(await fleet.ResizeAsync(new(2, 1, 1)));
        Assert.Equal((installed, 0), (fleet.Installed, fleet.Outside));
        Assert.True(installed > 0);

        // The new TURN server, and the eP-CSCF that offers it.
        Assert.Equal(2, (await fleet.ResizeAsync(new(2, 2, 1))).Count);
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        Assert.Equal(oneMoreEdge, (await fleet.ResizeAsync(Two)).Count);
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
        Assert.Equal(rotation, (await fleet.RotateAsync()).Count);
        await FleetProbe.AgreeAsync(fleet, changed: null, Stop);
    }

    [Fact]
    public async Task What_the_transfer_of_credentials_does_not_allow_is_refused_with_its_reason()
    {
        var fleet = _pool.Begin(new(Way.A2Push, IsAutomatic: false, IsThirdParty: true));
        var refused = await Assert.ThrowsAsync<RefusedException>(() => fleet.ResizeAsync(new(0, 17, 1)));
        Assert.Contains("16 TURN servers", refused.Message, StringComparison.Ordinal);
        await fleet.DisposeAsync();
        Assert.Equal(new(5, 16, 8), new FleetSize(5, 20, 20).WithinA2);
    }
}
