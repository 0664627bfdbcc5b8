using System.Net;
using System.Net.Sockets;
using Portunus.Tests.Interop.Ims.Diameter;

namespace Portunus.Tests.Interop.Ims.Cx;

/// <summary>The HSS on a TCP port of loopback that the system chose.</summary>
sealed class CxListener : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    readonly HomeSubscriberServer _hss;
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly Dictionary<string, TaskCompletionSource<CxPeer>> _peers = [];
    readonly Task _accepting;
    TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public CxListener(HomeSubscriberServer hss)
    {
        _hss = hss;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>The peer of that Diameter name, once it has said who it is.</summary>
    public Task<CxPeer> PeerAsync(string host) => Peer(host).Task;

    public void Add(Subscriber subscriber)
    {
        lock (_hss) _hss.Add(subscriber);
    }

    public string? ServerOf(string publicIdentity)
    {
        lock (_hss) return _hss.ServerOf(publicIdentity);
    }

    /// <summary>When no S-CSCF serves the identity, which may be at once.</summary>
    public async Task ReleasedAsync(string publicIdentity)
    {
        while (true)
        {
            Task changed;
            lock (_hss)
            {
                if (_hss.ServerOf(publicIdentity) is null) return;
                changed = _changed.Task;
            }

            await changed.WaitAsync(Patience, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Ends a registration from the network's side; how the S-CSCF answered.</summary>
    /// <exception cref="InvalidOperationException">Nobody serves that identity.</exception>
    public async Task<DiameterMessage> TerminateAsync(string publicIdentity)
    {
        (string Host, DiameterMessage Request)? order;
        lock (_hss) order = _hss.Terminate(publicIdentity);
        if (order is not { } rtr) throw new InvalidOperationException($"{publicIdentity} is not registered.");
        var peer = await PeerAsync(rtr.Host);
        return await peer.AskAsync(rtr.Request);
    }

    public async ValueTask DisposeAsync()
    {
        if (_accepting.IsCompleted) return;
        await _stop.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stop.Dispose();
    }

    async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                serving.Add(new CxPeer(client, Answer, Arrived).ServeAsync(_stop.Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    DiameterMessage Answer(DiameterMessage request)
    {
        lock (_hss)
        {
            var answer = _hss.Answer(request);
            if (request.Command == DiameterCommand.ServerAssignment)
            {
                _changed.TrySetResult();
                _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
            }

            return answer;
        }
    }

    void Arrived(CxPeer peer, string host) => Peer(host).TrySetResult(peer);

    TaskCompletionSource<CxPeer> Peer(string host)
    {
        lock (_peers)
        {
            if (!_peers.TryGetValue(host, out var peer))
                _peers[host] = peer = new(TaskCreationOptions.RunContinuationsAsynchronously);
            return peer;
        }
    }
}
