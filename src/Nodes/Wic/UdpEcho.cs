using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>An echo at a UDP port of this machine: sends back the packets of test streams, once, and nothing else.</summary>
public sealed class UdpEcho : IDisposable
{
    const int LargestDatagram = 65_535;

    readonly Socket _socket;
    readonly Thread _thread;

    /// <exception cref="RefusedException">The port cannot be had.</exception>
    public UdpEcho(TransportAddress local)
    {
        var family = local.Family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        try
        {
            _socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            _socket.Bind(local.ToIPEndPoint());
        }
        catch (SocketException e)
        {
            _socket?.Dispose();
            throw new RefusedException(
                $"--listen {local}: the port cannot be had ({e.SocketErrorCode}); name another, or 0 for a free one.", e);
        }

        Local = TransportAddress.From((IPEndPoint)_socket.LocalEndPoint!);
        _thread = new(Run) { Name = "echo", IsBackground = true };
        _thread.Start();
    }

    /// <summary>With the port that the system gave.</summary>
    public TransportAddress Local { get; }

    public void Dispose()
    {
        _socket.Dispose();
        _thread.Join();
    }

    void Run()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
        var from = new SocketAddress(_socket.AddressFamily);
        while (true)
            try
            {
                var packet = buffer.AsSpan(0, _socket.ReceiveFrom(buffer, SocketFlags.None, from));
                if (MediaStream.TryReturn(packet)) _socket.SendTo(packet, SocketFlags.None, from);
            }
            catch (SocketException e) when (e.SocketErrorCode is not (SocketError.OperationAborted or SocketError.Interrupted))
            {
                // Of one datagram and one sender; the others do not mind.
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return;
            }
    }
}
