using Portunus.Assessment.Results;
using Portunus.Assessment.Security;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;

namespace Portunus.Tests.Io.Assessment;

/// <summary>What experiments of security see of real systems.</summary>
public sealed class SecurityTests
{
    /// <summary>For what comes at once on a machine with nothing else to do.</summary>
    static readonly TimeSpan Long = TimeSpan.FromSeconds(60);

    static readonly TimeSpan Short = TimeSpan.FromMilliseconds(500);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task In_A2_push_an_operator_who_ends_a_registration_ends_its_credential_and_its_relay()
    {
        await using var system = await StartAsync(Way.A2Push);
        var seen = await RelayEnd.SeeAsync(system, RegistrationEnd.Operator, 0, Long, Stop);
        Assert.NotNull(seen.ToRefusal);
        Assert.NotNull(seen.ToCut);
    }

    [Fact]
    public async Task In_A1_without_the_feed_a_relay_outlives_its_registration_and_it_is_said_for_how_long()
    {
        await using var system = await StartAsync(Way.A1);
        var seen = await RelayEnd.SeeAsync(system, RegistrationEnd.Operator, 0, Short, Stop);
        Assert.Null(seen.ToRefusal);
        Assert.Null(seen.ToCut);
        Assert.Matches("^relays on; its credential ends after [0-9]+ s$", seen.RelaysOn);
    }

    [Fact]
    public async Task In_A1_with_the_feed_the_core_ends_a_relay()
    {
        await using var system = await StartAsync(Way.A1, hasFeed: true);
        var seen = await RelayEnd.SeeAsync(system, RegistrationEnd.Core, 0, Long, Stop);
        Assert.NotNull(seen.ToRefusal);
        Assert.NotNull(seen.ToCut);
    }

    [Fact]
    public async Task In_OAuth_with_the_feed_a_relay_ends_with_its_user_at_the_WAF_and_not_with_a_registration()
    {
        await using var system = await StartAsync(Way.OAuthWarm, hasFeed: true);
        Assert.Null((await RelayEnd.SeeAsync(system, RegistrationEnd.Core, 0, Short, Stop)).ToRefusal);
        var seen = await RelayEnd.SeeAsync(system, RegistrationEnd.Waf, 1, Long, Stop);
        Assert.NotNull(seen.ToRefusal);
        Assert.NotNull(seen.ToCut);
    }

    [Fact]
    public async Task A_thief_of_A1_relays_on_when_its_victim_has_signed_off()
    {
        await using var system = await StartAsync(Way.A1);
        var seen = await StolenCredential.SeeAsync(system, new(Way.A1), Short, attempts: 2, Stop);
        Assert.Null(Of(seen, FigureName.TheftToRefusal).Value);
        Assert.True(Of(seen, FigureName.TheftBytes).Value > 0);
        Assert.Equal(1, Of(seen, FigureName.TheftIdentities).Value);
    }

    [Fact]
    public async Task A_thief_of_A2_is_refused_when_its_victim_has_signed_off()
    {
        await using var system = await StartAsync(Way.A2Push);
        var seen = await StolenCredential.SeeAsync(system, new(Way.A2Push), Short, attempts: 2, Stop);
        Assert.NotNull(Of(seen, FigureName.TheftToRefusal).Value);
        Assert.True(Of(seen, FigureName.TheftBytes).Value > 0);
        Assert.Equal(1, Of(seen, FigureName.TheftIdentities).Value);
    }

    [Theory]
    [InlineData("A1", "-")]
    [InlineData("Combined", "-")]
    [InlineData("OAuth", "warm")]
    public async Task A_leaked_secret_makes_credentials_for_identities_of_ones_invention(string solution, string variant)
    {
        Way way = new(solution, variant);
        await using var system = await StartAsync(way);
        var seen = Assert.Single(await LeakedSecret.SeeAsync(system, new(way), attempts: 3, Stop));
        Assert.Equal(3, seen.Value);
    }

    [Theory]
    [InlineData("A2", "push", "secret=edge-certificate")]
    [InlineData("S0", "-", "secret=all-digests")]
    public async Task A_leaked_credential_is_one_identity_and_what_gives_or_keeps_them_all_is_all(
        string solution, string variant, string all)
    {
        Way way = new(solution, variant);
        await using var system = await StartAsync(way);
        var seen = await LeakedSecret.SeeAsync(system, new(way), attempts: 3, Stop);
        Assert.Equal([("secret=credential", 1.0), (all, 3.0)], seen.Select(one => (one.Setting, one.Value!.Value)));
    }

    [Fact]
    public async Task A_compromised_WAF_takes_its_users_and_its_pool_and_no_one_whom_edge_and_core_keep_from_it()
    {
        await using var system = await StartAsync(Way.A1);
        var seen = await CompromisedWaf.SeeAsync(system, new(Way.A1), attempts: 2, Stop);
        Assert.Equal(
            [
                ("waf=own as=subscriber", 2.0), ("waf=own as=closed-subscriber", 2.0), ("waf=own as=pool", 2.0),
                ("waf=own as=outside-of-the-pool", 0.0), ("waf=third-party as=subscriber", 2.0),
                ("waf=third-party as=closed-subscriber", 0.0),
            ],
            seen.Select(one => (one.Setting, one.Value!.Value)));
        Assert.All(seen, one => Assert.True(one.AsExpected, one.Outcome));
    }

    [Theory]
    [InlineData("A1", "-")]
    [InlineData("OAuth", "warm")]
    public async Task A_person_signs_in_once_however_many_tokens_end(string solution, string variant)
    {
        await using var system = await StudySystem.StartAsync(
            new() { Way = new(solution, variant), Users = 2, Guests = 1, AccessTokenLifetime = TimeSpan.FromSeconds(6) },
            new(1, new Network(0, 0)), Stop);
        var seen = await Renewals.SeeAsync(system, TimeSpan.FromSeconds(5), Stop);
        Assert.Equal((RegistrationScenario.S2, 1, 0), (seen.Scenario, seen.AtSignIn, seen.After));
        Assert.True(seen.Tokens > 1, $"{seen}");
    }

    static Figure Of(IEnumerable<Figure> figures, string subject) => figures.Single(one => one.Subject == subject);

    static Task<StudySystem> StartAsync(Way way, bool hasFeed = false) => StudySystem.StartAsync(
        new() { Way = way, HasFeed = hasFeed, Users = 16, Guests = 4, Closed = 2, HasForeignWaf = true }, new(1, new Network(0, 0)), Stop);
}
