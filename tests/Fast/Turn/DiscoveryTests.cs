using Portunus.Bedrock;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 5780 §6.1: from which address a Binding is answered, to which port, and with what in it.</summary>
public class DiscoveryTests
{
    static readonly BehaviourDiscovery Discovery =
        new(TurnStand.IP("198.41.0.4:3478"), TurnStand.IP("198.41.0.5:3479")) { Listeners = [7, 5, 6, 4] };

    // A1:P1, A1:P2, A2:P1, A2:P2.
    static readonly string[] Addresses = ["198.41.0.4:3478", "198.41.0.4:3479", "198.41.0.5:3478", "198.41.0.5:3479"];

    [Theory]
    [InlineData(0, null, 0, 3)]
    [InlineData(0, 0u, 0, 3)]
    [InlineData(0, 4u, 2, 3)]
    [InlineData(0, 2u, 1, 3)]
    [InlineData(0, 6u, 3, 3)]
    [InlineData(1, 6u, 2, 2)]
    [InlineData(2, 4u, 0, 1)]
    [InlineData(3, 2u, 2, 0)]
    public void The_table_of_the_RFC_holds_at_each_address(int at, uint? change, int from, int other)
    {
        var reply = Binding(Stand(), at, (ref writer) =>
        {
            if (change is { } flags) writer.Add(AttributeType.ChangeRequest, flags);
        });
        Assert.Equal(0, reply.Code);
        Assert.Equal(Discovery.Listeners[from], reply.Forward.Path.Listener);
        Assert.Equal("203.0.113.77:40000", reply.Forward.Path.FiveTuple.Client.ToString());
        Assert.Equal([Addresses[from]], reply.Plain(AttributeType.ResponseOrigin));
        Assert.Equal([Addresses[other]], reply.Plain(AttributeType.OtherAddress));
        Assert.Equal(["203.0.113.77:40000"], reply.Plain(AttributeType.MappedAddress));
        Assert.Equal("203.0.113.77:40000", reply.Mapped.ToString());
    }

    [Fact]
    public void The_answer_goes_to_the_port_that_is_asked_for_and_tells_the_true_one()
    {
        var reply = Binding(Stand(), 0, (ref writer) => writer.Add(AttributeType.ResponsePort, 5555u << 16));
        Assert.Equal("203.0.113.77:5555", reply.Forward.Path.FiveTuple.Client.ToString());
        Assert.Equal("203.0.113.77:40000", reply.Mapped.ToString());
        Assert.Equal(400, Binding(Stand(), 0, (ref writer) => writer.Add(AttributeType.ResponsePort, 0u)).Code);
        Assert.Equal(400, Binding(Stand(), 0, (ref writer) => writer.Add(AttributeType.ResponsePort, [1])).Code);
        Assert.Equal(400, Binding(Stand(), 0, (ref writer) => writer.Add(AttributeType.ChangeRequest, [1])).Code);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1400)]
    [InlineData(1502)]
    public void Padding_comes_back_as_long_as_it_was_and_not_together_with_another_port(int length)
    {
        var reply = Binding(Stand(), 0, (ref writer) =>
        {
            writer.Add(AttributeType.ChangeRequest, 6u);
            writer.Add(AttributeType.Padding, new byte[length]);
        });
        Assert.Equal((0, length), (reply.Code, reply.LengthOf(AttributeType.Padding)));
        Assert.Equal(Discovery.Listeners[3], reply.Forward.Path.Listener);
        Assert.Equal(400, Binding(Stand(), 0, (ref writer) =>
        {
            writer.Add(AttributeType.ResponsePort, 5555u << 16);
            writer.Add(AttributeType.Padding, new byte[length]);
        }).Code);
    }

    [Fact]
    public void At_other_addresses_over_other_transports_and_where_it_is_off_the_attributes_are_unknown()
    {
        void Change(ref StunWriter writer) => writer.Add(AttributeType.ChangeRequest, 2u);
        Assert.Equal(420, Binding(new TurnStand(), 0, Change).Code);
        Assert.Equal(420, Binding(Stand(), "198.41.0.4:3480", ClientTransport.Udp, Change).Code);
        Assert.Equal(420, Binding(Stand(), Addresses[0], ClientTransport.Tcp, Change).Code);
        var plain = Binding(Stand(), "198.41.0.4:3480", ClientTransport.Udp, static (ref _) => { });
        Assert.Empty(plain.Plain(AttributeType.OtherAddress));
        // And in no other request than Binding.
        Assert.Equal(420, new TurnClient(Stand()).Allocate(Change).Code);
        Assert.Equal(420, Binding(Stand(), 0, (ref writer) => writer.Add((AttributeType)0x0077, 1u)).Code);
    }

    [Fact]
    public void What_cannot_be_two_addresses_and_two_ports_is_a_mistake()
    {
        string[] wrong = ["198.41.0.4:3479", "198.41.0.5:3478", "198.41.0.5:0", "[2620:fe::9]:3479"];
        Assert.All(wrong, second => Assert.NotEmpty(
            (TurnStand.Ordinary with { Discovery = new(Discovery.Primary, TurnStand.IP(second)) }).Mistakes()));
        Assert.Empty((TurnStand.Ordinary with { Discovery = Discovery }).Mistakes());
    }

    static TurnStand Stand() => new(TurnStand.Ordinary with { Discovery = Discovery });

    static TurnReply Binding(TurnStand stand, int at, TurnClient.Fill fill) => Binding(stand, Addresses[at], ClientTransport.Udp, fill);

    static TurnReply Binding(TurnStand stand, string server, ClientTransport transport, TurnClient.Fill fill) => new TurnClient(stand)
    {
        Path = new(new(TurnStand.IP("203.0.113.77:40000"), TurnStand.IP(server), transport), 0),
    }.Bare(StunMethod.Binding, fill);
}
