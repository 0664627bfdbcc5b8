using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Portunus.Assessment.Links;

/// <summary>A network that carries TCP. The kernel connects at once; what the opener sends is on its way a round trip later, as its SYN and
/// the SYN-ACK would take. A lost segment arrives late by its RTO, and what follows it waits (docs/networks.md).</summary>
public sealed class StreamLink : EmulatedLink
{
    /// <summary>Connections at a time; others wait to be accepted.</summary>
    const int MaxConnections = 4096;

    readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    readonly ConcurrentDictionary<StreamConnection, Task> _connections = new();
    readonly SemaphoreSlim _room = new(MaxConnections);
    readonly CancellationTokenSource _end = new();
    readonly Task _accepting;

    public StreamLink(string name, string from, string to, string protocol, LinkModel model)
        : base(name, from, to, protocol, model)
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(MaxConnections);
        EndPoint = (IPEndPoint)_listener.LocalEndPoint!;
        model.Timetable.Enter();
        _accepting = Task.Run(AcceptAsync);
    }

    public override IPEndPoint EndPoint { get; }

    internal int Open => _connections.Count;

    /// <summary>Resets the connections that there are, as the loss of a network does; another one is made to
    /// <see cref="EmulatedLink.Target"/>.</summary>
    public void Cut()
    {
        foreach (var connection in _connections.Keys) connection.Abort();
    }

    public override async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Dispose();
        await _accepting;
        var running = _connections.ToArray();
        foreach (var (connection, _) in running) connection.Abort();
        await Task.WhenAll(running.Select(one => one.Value));
        Model.Timetable.Leave();
        _room.Dispose();
        _end.Dispose();
    }

    async Task AcceptAsync()
    {
        for (var number = 0; ; number++)
        {
            try
            {
                await _room.WaitAsync(_end.Token);
                var client = await _listener.AcceptAsync(_end.Token);
                Counter.Change(counts => counts with { Connections = counts.Connections + 1 });
                var connection = new StreamConnection(this, client, number);
                var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                _connections[connection] = ended.Task;
                _ = Task.Run(() => RunAsync(connection, ended));
            }
            catch (Exception failed) when (failed is OperationCanceledException or ObjectDisposedException || _end.IsCancellationRequested)
            {
                return;
            }
            catch (SocketException)
            {
                // The client was gone before it was accepted.
                _room.Release();
            }
        }
    }

    async Task RunAsync(StreamConnection connection, TaskCompletionSource ended)
    {
        try
        {
            await connection.RunAsync(Target);
        }
        finally
        {
            _connections.TryRemove(connection, out _);
            _room.Release();
            ended.SetResult();
        }
    }
}
