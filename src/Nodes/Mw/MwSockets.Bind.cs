using System.Net;
using System.Net.Sockets;

namespace Portunus.Nodes.Mw;

public sealed partial class MwSockets
{
    // Connections that come between binding and serving wait in the kernel.
    const int Backlog = 128;

    // With port 0 the kernel chooses for TCP; that number can be taken for UDP, so it is asked again.
    const int Attempts = 16;

    // A burst of the core's waits here while a machine is busy.
    const int ReceiveBuffer = 4 * 1024 * 1024;

    static (Socket Udp, Socket Tcp) BindBoth(MwSettings settings)
    {
        for (var attempt = 1; ; attempt++)
        {
            var family = settings.Listen.AddressFamily;
            var tcp = new Socket(family, SocketType.Stream, ProtocolType.Tcp);
            var udp = new Socket(family, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBuffer };
            try
            {
                if (family == AddressFamily.InterNetworkV6) tcp.DualMode = udp.DualMode = false;
                tcp.Bind(settings.Listen);
                udp.Bind(tcp.LocalEndPoint!);
                tcp.Listen(Backlog);
                return (udp, tcp);
            }
            catch (SocketException e)
            {
                tcp.Dispose();
                udp.Dispose();
                if (settings.Listen.Port == 0 && e.SocketErrorCode == SocketError.AddressAlreadyInUse && attempt < Attempts) continue;
                throw new RefusedException(Sentence(settings.Listen, settings.ListenName, e), e);
            }
        }
    }

    static string Sentence(IPEndPoint at, string name, SocketException e) => e.SocketErrorCode switch
    {
        SocketError.AddressAlreadyInUse => $"{name}: port {at.Port} at {at.Address} is taken; write another port.",
        SocketError.AccessDenied => $"{name}: port {at.Port} is for privileged users; write one from 1024 on.",
        SocketError.AddressNotAvailable => $"{name}: {at.Address} is not an address of this machine; write one that it has.",
        _ => $"{name}: {at} cannot be used: {e.Message}.",
    };
}
