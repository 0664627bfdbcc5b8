using System.Net;
using System.Net.Sockets;

namespace Portunus.Tests.Io.Wic;

/// <summary>TCP to another port of this machine, which can be cut.</summary>
sealed class Wire : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly List<TcpClient> _ends = [];
    readonly int _to;
    Task _accepting = Task.CompletedTask;

    Wire(int to) => _to = to;

    public int Port { get; private set; }

    public static Wire To(int port)
    {
        var wire = new Wire(port);
        wire._listener.Start();
        wire.Port = ((IPEndPoint)wire._listener.LocalEndpoint).Port;
        wire._accepting = wire.AcceptAsync();
        return wire;
    }

    /// <summary>What is connected is so no more.</summary>
    public void Cut()
    {
        lock (_ends)
        {
            foreach (var end in _ends) end.Dispose();
            _ends.Clear();
        }
    }

    /// <summary>For good: nobody connects again.</summary>
    public async Task BreakAsync()
    {
        _listener.Stop();
        await _accepting;
        Cut();
    }

    public async ValueTask DisposeAsync() => await BreakAsync();

    async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var (near, far) = (await _listener.AcceptTcpClientAsync(), new TcpClient());
                await far.ConnectAsync(IPAddress.Loopback, _to);
                lock (_ends) _ends.AddRange([near, far]);
                _ = Task.WhenAny(CarryAsync(near, far), CarryAsync(far, near)).ContinueWith(
                    _ =>
                    {
                        near.Dispose();
                        far.Dispose();
                    },
                    TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // Broken.
        }
    }

    static async Task CarryAsync(TcpClient from, TcpClient to)
    {
        try
        {
            await from.GetStream().CopyToAsync(to.GetStream());
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException or InvalidOperationException)
        {
            // Cut.
        }
    }
}
