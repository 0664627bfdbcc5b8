using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Relay;

/// <summary>A reserved port is no other program's, and is given to whom it was reserved for at any worker (RFC 8656 §7.2).</summary>
public sealed class ReservedPortTests
{
    [Theory]
    [InlineData("1", "portable")]
    [InlineData("1", "auto")]
    [InlineData("4", "auto")]
    public async Task It_is_held_by_a_socket_until_its_client_comes_by_whichever_worker(string workers, string path)
    {
        Assert.SkipUnless(workers == "1" || OperatingSystem.IsLinux(), "several workers need Linux");
        using var server = PortunusProcess.Serve(
            "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org", "--user", "alice:secret",
            "--allow-peer", "127.0.0.0/8", "--workers", workers, "--datapath", path);
        // Sixteen clients, whom the kernel spreads over the workers by their ports.
        for (var i = 0; i < 16; i++)
        {
            using var alice = new RawClient(server.Listeners[0], "alice", "secret");
            using var again = new RawClient(server.Listeners[0], "alice", "secret");
            var first = alice.AllocatePair();
            Assert.Null(first.Error);
            var next = first.Relayed.WithPort((ushort)(first.Relayed.Port + 1));
            Assert.False(IsFree(next));

            var second = again.AllocateReserved(first.Token!.Value);
            Assert.Equal((null, next), (second.Error, second.Relayed));
            Assert.Null(again.Permit(first.Relayed).Error);
            Assert.Null(alice.BindChannel(0x4000, next).Error);
            alice.SendOnChannel(0x4000, "to the one that was reserved"u8);
            Assert.Equal("to the one that was reserved"u8, again.Receive());
            Assert.Equal(ErrorCode.InsufficientCapacity, Third(server, first.Token.Value));
            // The system may give a later client the port of one before: none leaves an allocation.
            Assert.Null(alice.Refresh(0).Error);
            Assert.Null(again.Refresh(0).Error);
            // The answer leaves before the socket is closed.
            await Eventually.TrueAsync(() => Task.FromResult(IsFree(next)));
        }

        Assert.Equal(0, server.Terminate());
    }

    static bool IsFree(TransportAddress address)
    {
        try
        {
            UdpDatagrams.Open(address).Dispose();
            return true;
        }
        catch (SocketException taken) when (taken.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            return false;
        }
    }

    static ErrorCode? Third(PortunusProcess server, ulong token)
    {
        using var late = new RawClient(server.Listeners[0], "alice", "secret");
        return late.AllocateReserved(token).Error;
    }
}
