using System.Collections.Concurrent;
using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Agent;

/// <summary>The edge's end of one control connection: requests go out, answers find their requests by the cookie.</summary>
sealed class AgentConnection : IDisposable
{
    /// <summary>An agent that does not read for so long is given up.</summary>
    static readonly TimeSpan WriteTimeout = TimeSpan.FromSeconds(10);

    readonly TcpClient _tcp;
    readonly SslStream _stream;
    readonly SemaphoreSlim _writing = new(1);
    readonly ConcurrentDictionary<string, TaskCompletionSource<AgentMessage.Answer>> _waiting = [];
    readonly CancellationTokenSource _ending = new();
    long _last;

    AgentConnection(TcpClient tcp, SslStream stream)
    {
        (_tcp, _stream) = (tcp, stream);
        _ = ListenAsync();
    }

    public bool IsOpen => !_ending.IsCancellationRequested;

    /// <exception cref="IOException">And what else sockets and TLS throw: it could not be made.</exception>
    public static async Task<AgentConnection> OpenAsync(Uri address, TlsIdentity identity, CancellationToken stop)
    {
        var tcp = new TcpClient { NoDelay = true };
        SslStream? stream = null;
        try
        {
            await tcp.ConnectAsync(address.IdnHost, address.Port, stop);
            stream = new SslStream(tcp.GetStream());
            var options = identity.ForClient();
            options.TargetHost = address.IdnHost;
            await stream.AuthenticateAsClientAsync(options, stop);
            return new(tcp, stream);
        }
        catch
        {
            stream?.Dispose();
            tcp.Dispose();
            throw;
        }
    }

    /// <exception cref="IOException">The connection ended before the answer.</exception>
    /// <exception cref="OperationCanceledException">Nobody waits any more.</exception>
    public async Task<AgentMessage.Answer> AskAsync(AgentMessage.Request request, CancellationToken stop)
    {
        var cookie = Interlocked.Increment(ref _last).ToString(CultureInfo.InvariantCulture);
        var answer = new TaskCompletionSource<AgentMessage.Answer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting[cookie] = answer;
        try
        {
            // Not with the patience of whoever asks: half a line would spoil all that follow.
            await WriteAsync(AgentMessage.Write(cookie, request)).WaitAsync(stop);
            if (!IsOpen) throw new IOException("The control connection has ended.");
            return await answer.Task.WaitAsync(stop);
        }
        finally
        {
            _waiting.TryRemove(cookie, out _);
        }
    }

    /// <summary>Ends it; what waits for an answer gets none.</summary>
    public void Dispose()
    {
        _ending.Cancel();
        _stream.Dispose();
        _tcp.Dispose();
        foreach (var waiting in _waiting.Values)
            waiting.TrySetException(new IOException("The control connection has ended."));
    }

    async Task WriteAsync(byte[] line)
    {
        await _writing.WaitAsync(_ending.Token);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(_ending.Token);
            patience.CancelAfter(WriteTimeout);
            await _stream.WriteAsync(line, patience.Token);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            _writing.Release();
        }
    }

    async Task ListenAsync()
    {
        try
        {
            await foreach (var line in Lines.ReadAsync(_stream, AgentMessage.LongestLine, _ending.Token))
                if (AgentMessage.TrySplit(line, out var cookie, out var json)
                    && _waiting.TryGetValue(cookie, out var waiting)
                    && AgentMessage.Read<AgentMessage.Answer>(json) is { } answer)
                    waiting.TrySetResult(answer);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
        {
            // Whoever waits is told below.
        }

        Dispose();
    }
}
