using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;

namespace Portunus.Nodes.Wic;

/// <summary>A link of this machine on which Multicast DNS is asked.</summary>
/// <param name="Address">Of this machine on it; IPv4.</param>
/// <param name="PrefixLength">Whose bits its neighbours have in common.</param>
public sealed record MulticastLink(IPAddress Address, int PrefixLength)
{
    // A machine with more has them for its containers.
    const int Most = 4;

    // RFC 6762 §11: "SHOULD be sent with IP TTL set to 255".
    const int Ttl = 255;

    /// <summary>Those of this machine, loopback aside unless it is asked from there.</summary>
    /// <param name="from">The address of this machine that all goes by; null for any.</param>
    public static IReadOnlyList<MulticastLink> Of(IPAddress? from)
    {
        try
        {
            return
            [
                .. NetworkInterface.GetAllNetworkInterfaces()
                    // Loopback says neither that it is up nor that it has multicast, and does both.
                    .Where(nic => nic.NetworkInterfaceType == NetworkInterfaceType.Loopback
                        || nic is { OperationalStatus: OperationalStatus.Up, SupportsMulticast: true })
                    .SelectMany(nic => nic.GetIPProperties().UnicastAddresses)
                    .Where(known => known.Address.AddressFamily == AddressFamily.InterNetwork)
                    .Where(known => from is null ? !IPAddress.IsLoopback(known.Address) : known.Address.Equals(from))
                    .Select(known => new MulticastLink(known.Address, known.PrefixLength))
                    .Take(Most),
            ];
        }
        catch (NetworkInformationException)
        {
            return [];
        }
    }

    /// <summary>RFC 6762 §11: what comes from beyond the link is no answer.</summary>
    public bool Has(IPAddress neighbour) => neighbour.AddressFamily == AddressFamily.InterNetwork
        && ((Bits(neighbour) ^ Bits(Address)) & Mask) == 0;

    uint Mask => PrefixLength <= 0 ? 0 : uint.MaxValue << (32 - Math.Min(PrefixLength, 32));

    /// <summary>A socket with a port of its own, so that a responder of this machine keeps that of Multicast DNS.</summary>
    /// <exception cref="SocketException">The link has gone.</exception>
    internal Socket Open()
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.Bind(new IPEndPoint(Address, 0));
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastInterface, Address.GetAddressBytes());
            socket.SetSocketOption(SocketOptionLevel.IP, SocketOptionName.MulticastTimeToLive, Ttl);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    static uint Bits(IPAddress address) =>
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());
}
