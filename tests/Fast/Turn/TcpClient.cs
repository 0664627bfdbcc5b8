using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What clients of TCP allocations say (RFC 6062).</summary>
static class TcpClient
{
    public const string Peer = "9.9.9.9:5000";

    public const string Other = "9.9.9.9:5001";

    /// <summary>With TCP relaying on.</summary>
    public static TurnSettings Settings { get; } = TurnStand.Ordinary with { TcpRelay = true, CanForbidFragments = true };

    public static ClientPath PathOf(string address, ClientTransport transport = ClientTransport.Tcp) =>
        new(new(TurnStand.IP(address), TurnStand.IP("198.41.0.4:3478"), transport), 0);

    public static TurnClient Of(
        TurnStand stand, string address = "203.0.113.77:40000", ClientTransport transport = ClientTransport.Tcp, bool isBob = false) =>
        new(stand, address, isBob ? "bob" : "alice", isBob ? "builder" : "wonderland") { Path = PathOf(address, transport) };

    public static TurnReply AllocateTcp(this TurnClient client, TurnClient.Fill? fill = null) =>
        client.Ask(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            writer.AddRequestedTransport(6);
            fill?.Invoke(ref writer);
        });

    /// <summary>A control connection with an allocation.</summary>
    public static TurnClient Control(TurnStand stand, string address = "203.0.113.77:40000")
    {
        var client = Of(stand, address);
        Assert.Equal(0, client.AllocateTcp().Code);
        return client;
    }

    public static TurnReply Connect(this TurnClient client, string peer = Peer, TransactionId? transaction = null) => client.Ask(
        StunMethod.Connect, (ref StunWriter writer) => writer.AddXorAddress(AttributeType.XorPeerAddress, TurnStand.IP(peer)), transaction);

    public static TurnReply BindConnection(this TurnClient client, uint? id) =>
        client.Ask(StunMethod.ConnectionBind, (ref StunWriter writer) => writer.AddConnectionId(id!.Value));

    /// <summary>Another connection of the same user, which binds one that was told of.</summary>
    public static TurnClient Data(TurnStand stand, uint? id, int port = 40001)
    {
        var client = Of(stand, $"203.0.113.77:{port}");
        Assert.Equal(0, client.BindConnection(id).Code);
        return client;
    }

    /// <summary>The relay that was opened first.</summary>
    public static RelayId Relay(TurnStand stand) => stand.Asked.First().Relay;
}
