using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;

namespace Portunus.Tests.Io.Matrix;

/// <summary>Approach 2, by whichever way the TURN server is told: its interface, a refresh, and what comes of it when one side cannot
/// be reached.</summary>
public sealed class ToldCredentialTests
{
    [Theory]
    [InlineData("A2 push")]
    [InlineData("A2 pull")]
    [InlineData("A2 integrated")]
    public async Task A_refresh_gives_the_same_credential_for_longer_and_what_runs_on_it_runs_on(string solution)
    {
        await using var system = await MatrixSystem.StartAsync(solution);
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = Assert.IsType<PasswordCredential>(await wic.CredentialAsync());
        Assert.Equal(MatrixSystem.Realm, credential.Realm);
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        // The interface for credentials is never a peer.
        Assert.Equal(ErrorCode.Forbidden, client.BindChannel(0x4000, TransportAddress.From(system.Interface)).Error);

        var refreshed = Assert.IsType<PasswordCredential>(await wic.CredentialAsync());
        Assert.Equal((credential.Username, credential.Credential), (refreshed.Username, refreshed.Credential));
        Assert.Null(client.Refresh(600).Error);
    }

    [Fact]
    public async Task Without_a_TURN_server_that_acknowledges_the_200_goes_out_without_the_header()
    {
        await using var system = await MatrixSystem.StartAsync("A2 push");
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        await wic.CredentialAsync();
        await system.StopTellingAsync();
        // A refresh within the same second has the same end, which the server acknowledged before it stopped.
        await Eventually.TrueAsync(async () => MatrixClient.Read(await wic.RegisterAsync()) is null);
    }

    [Fact]
    public async Task When_the_edge_cannot_be_asked_a_new_name_is_refused_and_what_is_known_is_served()
    {
        await using var system = await MatrixSystem.StartAsync("A2 pull");
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        var credential = await wic.CredentialAsync();
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        await system.StopAnsweringAsync();
        using var stranger = wic.Open("nobody", "knows");
        Assert.Equal(ErrorCode.Unauthenticated, stranger.Allocate().Error);
        Assert.Null(client.Refresh(600).Error);
        using var second = MatrixClient.Relay(() => wic.Open(credential));
        // The withdrawal goes the other way, and is not lost with it.
        await wic.RegisterAsync(expires: 0);
        await Eventually.TrueAsync(() => system.Turn.Sessions().Length == 0);
    }
}
