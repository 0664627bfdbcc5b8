using System.Net;
using Portunus.Bedrock;
using Portunus.Tests.Interop.Clients;
using Portunus.Tests.Io;

namespace Portunus.Tests.Interop.Pion;

/// <summary>
/// Debian's pion/turn 2.1.0, the TURN client of most programs in Go, over each transport. Its first datagrams go as Send indications,
/// until the channel that it binds beside them is there.
/// </summary>
public sealed class PionTests(TransportFixture fixture, PionFixture pion) : IClassFixture<PionFixture>
{
    const int Datagrams = 300;

    [Theory]
    [InlineData(ClientTransport.Udp)]
    [InlineData(ClientTransport.Tcp)]
    [InlineData(ClientTransport.Tls)]
    [InlineData(ClientTransport.Dtls)]
    public async Task Each_datagram_comes_back_from_the_peer_as_it_was(ClientTransport transport)
    {
        using var peer = new EchoPeer();
        var run = await RunAsync(transport, TransportStand.Password, peer);
        run.AssertSuccess();

        // The server saw the address that the client has, and the peer saw the relay, and nobody else.
        var bind = run.Step("bind");
        Assert.EndsWith($":{Port(bind, "mapped")}", bind.GetProperty("local").GetString(), StringComparison.Ordinal);
        Assert.True(TransportAddress.TryParse(run.Step("allocate").GetProperty("relayed").GetString(), out var relayed));
        Assert.Equal(new KeyValuePair<TransportAddress, int>(relayed, Datagrams), Assert.Single(peer.Heard));

        // The program compares each datagram that came back with the one it sent, and ends otherwise.
        Assert.Equal(Datagrams, run.Step("echo").GetProperty("received").GetInt32());
        Assert.Equal(Enumerable.Range(0, Datagrams).Sum(i => 5 + (i * 7 % 1100)), run.Step("echo").GetProperty("bytes").GetInt32());
        if (transport == ClientTransport.Tls) Assert.Equal("stun.turn", run.Step("secure").GetProperty("protocol").GetString()); // RFC 7443

        // Its Refresh with lifetime zero ended the allocation, not the end of its connection.
        var relay = fixture.Shared.Log.Split('\n').Single(line => line.Contains($"relayed {relayed},", StringComparison.Ordinal)
            && line.Contains($"client {transport} ", StringComparison.Ordinal)).Split("Allocation ")[1].Split(' ')[0];
        await Eventually.TrueAsync(
            () => fixture.Shared.Log.Contains($"Allocation {relay} ended, Deleted: {Datagrams} datagrams", StringComparison.Ordinal),
            () => fixture.Shared.Log);
    }

    [Fact]
    public async Task A_wrong_password_gives_no_relay()
    {
        using var peer = new EchoPeer();
        var run = await RunAsync(ClientTransport.Udp, "looking-glass", peer);
        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("allocate: Allocate error response (error 401", run.Errors, StringComparison.Ordinal);
        Assert.Empty(peer.Heard);
    }

    Task<JsonProgram> RunAsync(ClientTransport transport, string password, EchoPeer peer) => JsonProgram.RunAsync(pion.Program,
    [
        TransportStand.Word(transport), $"{fixture.Shared.At(transport)}", fixture.Shared.AuthorityFile, TransportStand.User, password,
        TransportStand.Realm, $"{peer.Address}", $"{Datagrams}",
    ]);

    static int Port(System.Text.Json.JsonElement line, string name) => IPEndPoint.Parse(line.GetProperty(name).GetString()!).Port;
}
