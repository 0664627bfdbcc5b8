using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Turn;

// NAT behaviour discovery (RFC 5780 §6.1): Binding at one of four addresses, answered from the one that is asked for.
public sealed partial class TurnServer
{
    /// <summary>In a Binding at one of the four addresses there are three more.</summary>
    AttributeType[]? _understoodInDiscovery;

    /// <summary>Whether a Binding came to one of the four addresses.</summary>
    bool IsDiscovery(scoped in Request request, out int place)
    {
        place = -1;
        if (_settings.Discovery is not { Listeners.IsEmpty: false } discovery) return false;
        if (request.Path.FiveTuple.Transport != ClientTransport.Udp) return false;
        place = discovery.Addresses.IndexOf(request.Path.FiveTuple.Server);
        return place >= 0;
    }

    Forward OnDiscovery(scoped in Request request, int place)
    {
        _understoodInDiscovery ??=
            [.. _understood, AttributeType.ChangeRequest, AttributeType.Padding, AttributeType.ResponsePort];
        var message = request.Message;
        if (message.FindUnknown(_understoodInDiscovery, _unknown) is > 0 and var count) return ErrorOfUnknown(request, count);
        var isPadded = message.TryGet(AttributeType.Padding, out var padding);
        if (!TryReadChange(message, out var change) || !TryReadResponsePort(message, out var port)) return BadRequest(request);
        // "If the Request also contains the RESPONSE-PORT attribute the server MUST return an error response of type 400."
        if (isPadded && port is not null) return BadRequest(request);

        var discovery = _settings.Discovery!;
        var (origin, client) = (place ^ change, request.Path.FiveTuple.Client);
        var writer = Success(request);
        // "The server MUST include both MAPPED-ADDRESS and XOR-MAPPED-ADDRESS"
        writer.AddAddress(AttributeType.MappedAddress, client);
        writer.AddXorAddress(AttributeType.XorMappedAddress, client);
        writer.AddAddress(AttributeType.ResponseOrigin, discovery.Addresses[origin]);
        writer.AddAddress(AttributeType.OtherAddress,
            discovery.Addresses[place ^ (BehaviourDiscovery.OtherIP | BehaviourDiscovery.OtherPort)]);
        var path = new ClientPath(
            new(client.WithPort(port ?? client.Port), discovery.Addresses[origin], ClientTransport.Udp), discovery.Listeners[origin]);
        if (isPadded) return Padded(request, ref writer, path, padding);
        var forward = Finish(request, ref writer);
        return forward.Kind == ForwardKind.ToClient ? Forward.ToClient(path, forward.Head) : forward;
    }

    /// <summary>"PADDING MUST be included", and there it ends: its bytes are the request's own. Not of the interface's MTU, as §6.1
    /// would have it: a client that pads asks for fragments as large as its own, and no stranger makes a few bytes many.</summary>
    Forward Padded(scoped in Request request, scoped ref StunWriter writer, in ClientPath path, scoped in StunAttribute padding)
    {
        var (length, zeros) = (padding.Value.Length, writer.EndWith(AttributeType.Padding, padding.Value.Length));
        var reason = writer.Length + length + zeros > LongestDatagram
            ? DropReason.TooLong
            : Withhold(request, writer.Length + length + zeros);
        if (reason != DropReason.None) return Forward.Drop(reason);
        Counters.By(request.Path).CountSuccess(StunMethod.Binding);
        return Forward.ToClient(path, writer.Length, new(padding.ValueAt, length), (byte)zeros);
    }

    /// <summary>The flags as steps between places (§7.2): bit A is "change IP", bit B "change port". False when it is malformed.</summary>
    static bool TryReadChange(scoped in StunMessage message, out int change)
    {
        change = 0;
        if (!message.TryGet(AttributeType.ChangeRequest, out var attribute)) return true;
        if (attribute.Value.Length != sizeof(uint)) return false;
        var flags = BinaryPrimitives.ReadUInt32BigEndian(attribute.Value);
        change = ((flags & 0x04) != 0 ? BehaviourDiscovery.OtherIP : 0) | ((flags & 0x02) != 0 ? BehaviourDiscovery.OtherPort : 0);
        return true;
    }

    /// <summary>§7.5: a port and two bytes of padding, which some count in the length. False for what no answer can be sent to.</summary>
    static bool TryReadResponsePort(scoped in StunMessage message, out ushort? port)
    {
        port = null;
        if (!message.TryGet(AttributeType.ResponsePort, out var attribute)) return true;
        if (attribute.Value.Length is not (2 or 4)) return false;
        port = BinaryPrimitives.ReadUInt16BigEndian(attribute.Value);
        return port != 0;
    }
}
