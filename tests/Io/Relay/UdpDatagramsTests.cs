using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;

namespace Portunus.Tests.Io.Relay;

/// <summary>The portable path.</summary>
public sealed class UdpDatagramsTests : DatagramsContract
{
    [Fact]
    public void What_was_expected_in_vain_is_nothing()
    {
        using var a = new Ear(this, "127.0.0.1:0");
        ((UdpDatagrams)a.Socket).Expect();
        Assert.Equal(Reception.Nothing, a.Socket.Receive(a.Batch, 1, out _));
    }

    protected override IDatagrams Open(in TransportAddress local) => UdpDatagrams.Open(local);

    protected override bool Wait(IDatagrams socket, TimeSpan patience)
    {
        var portable = (UdpDatagrams)socket;
        var isThere = portable.Socket.Poll(patience, SelectMode.SelectRead);
        if (isThere) portable.Expect();
        return isThere;
    }
}
