using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.HomeCore;
using Portunus.Stun;

namespace Portunus.Tests.Io.Matrix;

/// <summary>
/// A credential is bound to its registration, over real sockets: whatever ends the one ends the other and what runs on it, at
/// once in Approach 2, and with the revocation feed in the others; without the feed they run for their ttl.
/// </summary>
public sealed class EndOfRegistrationTests
{
    static readonly string[] Ends = ["deregistration", "loss", "core", "operator"];

    public static TheoryData<string, string, string> Bound()
    {
        TheoryData<string, string, string> rows = [];
        foreach (var end in Ends)
        {
            rows.Add("A2 push", "password", end);
            rows.Add("A2 pull", "password", end);
            rows.Add("A2 integrated", "password", end);
            rows.Add("A1", "password", end);
            rows.Add("Combined", "oauth", end);
        }

        rows.Add("Combined", "password", "core");
        return rows;
    }

    [Theory]
    [MemberData(nameof(Bound))]
    public async Task Drill_12_a_deregistered_user_relays_no_more(string solution, string type, string end)
    {
        var isTold = solution.StartsWith("A2", StringComparison.Ordinal);
        var grace = end == "loss" ? TimeSpan.FromMilliseconds(100) : TimeSpan.FromMinutes(5);
        await using var system = await MatrixSystem.StartAsync(solution, hasFeed: !isTold, grace);
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = await wic.CredentialAsync(type);
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        var registration = Assert.Single(await system.EdgeNode.RegistrationsAsync());
        switch (end)
        {
            case "deregistration":
                await wic.RegisterAsync(expires: 0);
                break;
            case "loss":
                wic.Sip.Abort();
                break;
            case "core":
                // The edge has subscribed, and is told of it.
                await Eventually.TrueAsync(async () => (await system.EdgeNode.RegistrationsAsync())[0].IsWatched);
                Assert.Equal(1, await system.Core.DeregisterAsync(wic.Sip.Impu));
                break;
            case "operator":
                Assert.True(await system.EdgeNode.EndAsync(registration.Id));
                break;
        }

        await Eventually.TrueAsync(() => system.Turn.Sessions().Length == 0);
        using var again = wic.Open(credential);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
    }

    [Theory]
    [InlineData("A1", "password")]
    [InlineData("Combined", "oauth")]
    public async Task Drill_12_without_the_feed_a_deregistered_user_keeps_relaying_for_the_ttl_at_most(
        string solution, string type)
    {
        await using var system = await MatrixSystem.StartAsync(solution);
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = await wic.CredentialAsync(type);
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        await wic.RegisterAsync(expires: 0);
        Assert.Empty(await system.EdgeNode.RegistrationsAsync());

        Assert.Null(client.Refresh(600).Error);
        using var again = MatrixClient.Relay(() => wic.Open(credential));
        Assert.InRange(credential.Ttl, 1, 660);
    }

    [Theory]
    [InlineData("A1", "password")]
    [InlineData("Combined", "oauth")]
    public async Task A_TURN_server_that_begins_anew_is_told_again_whom_it_denied(string solution, string type)
    {
        await using var system = await MatrixSystem.StartAsync(solution, hasFeed: true);
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = await wic.CredentialAsync(type);
        await wic.RegisterAsync(expires: 0);
        await UntilRefusedAsync();
        await system.RestartTurnAsync();
        await UntilRefusedAsync();

        Task UntilRefusedAsync() => Eventually.TrueAsync(() =>
        {
            using var client = wic.Open(credential);
            return client.Allocate().Error == ErrorCode.Unauthenticated;
        });
    }

    [Theory]
    [InlineData("A1", "password")]
    [InlineData("A2 push", "password")]
    [InlineData("A2 pull", "password")]
    [InlineData("A2 integrated", "password")]
    [InlineData("Combined", "oauth")]
    public async Task Drill_14_after_a_restart_of_the_TURN_server_in_mid_call_the_same_credential_allocates_anew(
        string solution, string type)
    {
        await using var system = await MatrixSystem.StartAsync(solution);
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = await wic.CredentialAsync(type);
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        await system.RestartTurnAsync();
        // Its relay is gone, which the client hears at its next Refresh.
        Assert.NotNull(client.Refresh(600).Error);
        // A2: the edge tells its whole set to who began anew, within a second or so.
        await Eventually.TrueAsync(() =>
        {
            using var tried = wic.Open(credential);
            return tried.Allocate().Error is null;
        });
        using var next = MatrixClient.Relay(() => wic.Open(credential));
    }
}
