using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Transport;

namespace Portunus.Tests.Io.Relay;

/// <summary>The Linux path, with sockets of its own.</summary>
public class LinuxDatagramsTests : DatagramsContract
{
    public LinuxDatagramsTests() => Assert.SkipUnless(LinuxPath.IsServed, "this is not Linux on x64 or arm64");

    protected override IDatagrams Open(in TransportAddress local) =>
        UdpSocket.TryBind(local, 1 << 20, out var error) is { } socket
            ? new LinuxDatagrams(socket)
            : throw new SocketException((int)error);

    protected override bool Wait(IDatagrams socket, TimeSpan patience)
    {
        using var poller = Poller.TryOpen(out _)!;
        Assert.Equal(SocketError.Success, poller.Add(((LinuxDatagrams)socket).Descriptor, 7, Interest.Read));
        var happened = new Readiness[1];
        return poller.Wait((int)patience.TotalMilliseconds, happened) == 1 && happened[0] is { Key: 7, CanRead: true };
    }
}

/// <summary>The Linux path, with sockets that the runtime made: the listeners.</summary>
public sealed class AdoptedDatagramsTests : LinuxDatagramsTests
{
    protected override IDatagrams Open(in TransportAddress local)
    {
        using var path = LinuxPath.TryCreate(out _)!;
        return path.Adopt(UdpSockets.Bind(local));
    }
}
