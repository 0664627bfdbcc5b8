using System.Net;
using System.Text;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Tests.Conformance.Running;

/// <summary>The requests and messages of RFC 8656, as a client without fault makes them.</summary>
sealed partial class TurnClient
{
    public static Outgoing AllocateRequest() => new Outgoing(Method.Allocate).AddByte(Attr.RequestedTransport, Protocol.Udp);

    public static Outgoing RefreshRequest(uint seconds) => new Outgoing(Method.Refresh).Add(Attr.Lifetime, seconds);

    public static Outgoing PermissionRequest(params IEnumerable<IPEndPoint> peers)
    {
        var request = new Outgoing(Method.CreatePermission);
        foreach (var peer in peers) request.AddAddress(Attr.XorPeerAddress, peer);
        return request;
    }

    public static Outgoing ChannelRequest(int channel, IPEndPoint peer) =>
        new Outgoing(Method.ChannelBind).AddChannel(channel).AddAddress(Attr.XorPeerAddress, peer);

    /// <summary>Allocates, which must succeed.</summary>
    public Incoming Allocate(Outgoing? request = null) => Allocated(AskSigned(request ?? AllocateRequest()));

    /// <summary>Keeps what a success response says of an allocation.</summary>
    public Incoming Allocated(Incoming response)
    {
        response.MustSucceed();
        Relayed = response.Address(Attr.XorRelayedAddress) ?? throw new CheckFailedException("there is no XOR-RELAYED-ADDRESS");
        HasAllocation = true;
        return response;
    }

    /// <summary>Deletes the allocation, which must succeed.</summary>
    public void Delete()
    {
        AskSigned(RefreshRequest(0)).MustSucceed();
        HasAllocation = false;
    }

    /// <summary>Another client has taken the allocation over.</summary>
    public void Forget() => HasAllocation = false;

    public void Permit(params IEnumerable<IPEndPoint> peers) => AskSigned(PermissionRequest(peers)).MustSucceed();

    public void Bind(int channel, IPEndPoint peer) => AskSigned(ChannelRequest(channel, peer)).MustSucceed();

    public void SendTo(IPEndPoint peer, string text) => Send(
        new Outgoing(Method.Send, Class.Indication).AddAddress(Attr.XorPeerAddress, peer).Add(Attr.Data, text));

    public void SendOn(int channel, string text)
    {
        var payload = Encoding.ASCII.GetBytes(text);
        Send(ChannelData.Write(channel, payload, padding: Pipe.IsStream ? -payload.Length & 3 : 0));
    }

    /// <summary>The next message is a Data indication with this text, from there.</summary>
    public Incoming MustHear(string text, IPEndPoint from)
    {
        var data = ReceiveData();
        var heard = data.Text(Attr.Data);
        Trial.Require(heard == text, $"the client heard '{heard}', not '{text}'");
        Trial.Require(from.Equals(data.Address(Attr.XorPeerAddress)), $"it came from {data.Address(Attr.XorPeerAddress)}, not {from}");
        return data;
    }

    /// <summary>The next message, which must be a Data indication.</summary>
    public Incoming ReceiveData()
    {
        var bytes = Receive();
        return Incoming.Read(bytes) is { MethodNumber: Method.Data, ClassBits: Class.Indication } data
            ? data
            : throw new CheckFailedException(
                $"the client heard {(object?)Incoming.Read(bytes) ?? Convert.ToHexString(bytes)}, no Data indication");
    }

    /// <summary>The next message is ChannelData with this text.</summary>
    public byte[] MustHearOn(int channel, string text)
    {
        var bytes = Receive();
        Trial.Require(ChannelData.Is(bytes), $"the client heard {Incoming.Read(bytes)}, no ChannelData");
        Trial.Require(ChannelData.Channel(bytes) == channel, $"the client heard channel 0x{ChannelData.Channel(bytes):x}");
        var heard = Encoding.ASCII.GetString(ChannelData.Payload(bytes) ?? []);
        Trial.Require(heard == text, $"the client heard '{heard}', not '{text}'");
        return bytes;
    }
}
