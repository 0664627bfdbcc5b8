using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Stun;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Io.Transfer;

/// <summary>A credential is bound to its registration: from the WIC's REGISTER to its relay, and to the end of both.</summary>
public sealed class WholeWayTests
{
    static readonly TimeSpan Long = TimeSpan.FromMinutes(5);

    [Theory]
    [InlineData(Way.Push)]
    [InlineData(Way.Pull)]
    [InlineData(Way.Integrated)]
    public async Task A2_in_S1_Digest_gives_a_credential_that_relays_and_deregistration_ends_the_relay(Way by)
    {
        await using var way = await WholeWay.StartAsync(Long, by);
        await using var wic = await way.ConnectAsync();
        var credential = await RegisteredAsync(wic);
        Assert.Equal(WholeWay.Realm, credential.Realm);
        using var client = new RawClient(way.Turn.Listeners[0], credential.Username, credential.Credential);
        Assert.Null(client.Allocate().Error);
        // The interface for credentials is never a peer.
        Assert.Equal(ErrorCode.Forbidden, client.BindChannel(0x4000, TransportAddress.From(way.Interface)).Error);

        // A refresh gives the same name and password for longer, and what runs on it runs on.
        var refreshed = Credential(await wic.RegisterAsync(WholeWay.Password))!;
        Assert.Equal((credential.Username, credential.Credential), (refreshed.Username, refreshed.Credential));
        Assert.Null(client.Refresh(600).Error);

        Assert.Equal(200, (await wic.RegisterAsync(WholeWay.Password, expires: 0)).Status);
        await UntilNothingRunsAsync(way);
        Assert.Equal(ErrorCode.Unauthenticated, client.Allocate().Error);
    }

    [Theory]
    [InlineData(Way.Push)]
    [InlineData(Way.Pull)]
    [InlineData(Way.Integrated)]
    public async Task The_loss_of_the_WebSocket_ends_the_relay_after_the_grace(Way by)
    {
        await using var way = await WholeWay.StartAsync(TimeSpan.FromMilliseconds(100), by);
        await using var wic = await way.ConnectAsync();
        var credential = await RegisteredAsync(wic);
        using var client = new RawClient(way.Turn.Listeners[0], credential.Username, credential.Credential);
        Assert.Null(client.Allocate().Error);
        wic.Abort();
        await UntilNothingRunsAsync(way);
    }

    [Fact]
    public async Task Without_a_TURN_server_that_acknowledges_the_200_goes_out_without_the_header()
    {
        await using var way = await WholeWay.StartAsync(Long);
        await using var wic = await way.ConnectAsync();
        await RegisteredAsync(wic);
        await way.Side.StopAsync();
        var registered = await wic.RegisterAsync(WholeWay.Password);
        Assert.Equal(200, registered.Status);
        Assert.Null(Credential(registered));
    }

    [Fact]
    public async Task When_the_edge_cannot_be_asked_a_new_name_is_refused_and_what_is_known_is_served()
    {
        await using var way = await WholeWay.StartAsync(Long, Way.Pull);
        await using var wic = await way.ConnectAsync();
        var credential = await RegisteredAsync(wic);
        using var client = new RawClient(way.Turn.Listeners[0], credential.Username, credential.Credential);
        Assert.Null(client.Allocate().Error);
        await way.CutAsync();
        using var stranger = new RawClient(way.Turn.Listeners[0], "nobody", "knows");
        Assert.Equal(ErrorCode.Unauthenticated, stranger.Allocate().Error);
        Assert.Null(client.Refresh(600).Error);
        using var second = new RawClient(way.Turn.Listeners[0], credential.Username, credential.Credential);
        Assert.Null(second.Allocate().Error);
        // The withdrawal goes the other way, and is not lost with it.
        Assert.Equal(200, (await wic.RegisterAsync(WholeWay.Password, expires: 0)).Status);
        await UntilNothingRunsAsync(way);
    }

    /// <summary>Registers until there is a credential: at first the edge may not have found the TURN server.</summary>
    static async Task<PasswordCredential> RegisteredAsync(SipClient wic)
    {
        PasswordCredential? credential = null;
        await Eventually.TrueAsync(async () =>
        {
            var registered = await wic.RegisterAsync(WholeWay.Password);
            Assert.Equal(200, registered.Status);
            return (credential = Credential(registered)) is not null;
        });
        return credential!;
    }

    static PasswordCredential? Credential(SipMessage message)
    {
        if (message.Get("Turn-Credential") is not { } value) return null;
        Assert.True(TypedValue.TryParse(value, out var typed), value);
        var parameters = typed.Parameters.Select(parameter => new NameValue(parameter.Name, parameter.Value ?? "")).ToArray();
        Assert.True(TurnCredential.TryRead(typed.Type, parameters, out var credential), value);
        return Assert.IsType<PasswordCredential>(credential);
    }

    static Task UntilNothingRunsAsync(WholeWay way) => Eventually.TrueAsync(() => way.Turn.Sessions().Length == 0);
}
