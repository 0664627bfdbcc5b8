using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Tls;
using Portunus.Nodes.Transfer;
using Portunus.Turn;

namespace Portunus.Nodes.Agent;

/// <summary>
/// The control agent of a media gateway node: edges of the operator, known by their certificates, each hold one long connection and
/// speak ng over it, line by line.
/// </summary>
public sealed class AgentListener : IAsyncDisposable
{
    /// <summary>Connections at a time, and requests of one that are worked on at a time; others wait.</summary>
    const int MostConnections = 64, MostRequests = 64;

    static readonly TimeSpan HandshakeTimeout = TimeSpan.FromSeconds(5);

    readonly TcpListener _listener;
    readonly TlsIdentity _identity;
    readonly Writers _writers;
    readonly AgentRequests _requests;
    readonly Sweeper _sweeper;
    readonly ILogger _log;
    readonly CancellationTokenSource _stopping = new();
    readonly ConcurrentDictionary<Task, bool> _connections = [];
    readonly ConcurrentDictionary<string, CancellationTokenSource> _talking = [];
    readonly SemaphoreSlim _room = new(MostConnections);
    readonly Task _accepting;

    AgentListener(
        TcpListener listener, TlsIdentity identity, CredentialListenerSettings settings, PushedCredentials table,
        Func<IReadOnlyCollection<string>, Task> end, ILogger log)
    {
        (_listener, _identity, _writers, _log) = (listener, identity, new(settings), log);
        _requests = new(table, _writers, end);
        _sweeper = new(table, end);
        Address = (IPEndPoint)listener.LocalEndpoint;
        _accepting = AcceptAsync();
    }

    /// <summary>Where it listens, with the port that the system gave.</summary>
    public IPEndPoint Address { get; }

    /// <summary>Starts to serve.</summary>
    /// <param name="settings">Validated here.</param>
    /// <param name="table">What is told goes here; the TURN server's verifier asks it.</param>
    /// <param name="end">Ends what runs on registrations that have no credential any more; it is over when nothing is relayed for
    /// them. A withdrawal is answered after it.</param>
    /// <param name="logs">Of the whole process; stays with the caller.</param>
    /// <exception cref="RefusedException">A setting or a file cannot be used, or the address cannot be had.</exception>
    public static AgentListener Start(
        CredentialListenerSettings settings, PushedCredentials table, Func<IReadOnlyCollection<string>, Task> end,
        ILoggerFactory logs)
    {
        if (settings.Mistakes().ToArray() is { Length: > 0 } mistakes) throw new RefusedException(string.Join(' ', mistakes));
        var identity = TlsIdentity.Load(settings.Tls);
        var listener = new TcpListener(settings.Listen);
        try
        {
            listener.Start(MostConnections);
        }
        catch (SocketException e)
        {
            listener.Dispose();
            identity.Dispose();
            throw new RefusedException(
                $"{settings.Listen} is taken or not of this machine; write another as {settings.ListenFlag}.", e);
        }

        return new(listener, identity, settings, table, end, logs.CreateLogger("Portunus.Credentials"));
    }

    /// <summary>Stops to serve at once; an edge notices, and says again what was not answered.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        await _sweeper.DisposeAsync();
        _identity.Dispose();
        _stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                await _room.WaitAsync(_stopping.Token);
                var client = await _listener.AcceptTcpClientAsync(_stopping.Token);
                var serving = ServeAsync(client);
                _connections[serving] = true;
                _ = serving.ContinueWith(done =>
                {
                    _connections.TryRemove(done, out _);
                    _room.Release();
                }, TaskScheduler.Default);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException e)
            {
                // The client was gone before it was accepted, or there are no descriptors: others still come.
                _room.Release();
                TransferLog.RequestFailed(_log, "an edge", e.Message);
            }
        }
    }

    async Task ServeAsync(TcpClient client)
    {
        var from = (client.Client.RemoteEndPoint as IPEndPoint)?.Address;
        using (client)
        await using (var stream = new SslStream(client.GetStream()))
            try
            {
                client.NoDelay = true;
                using (var patience = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token))
                {
                    patience.CancelAfter(HandshakeTimeout);
                    await stream.AuthenticateAsServerAsync(_identity.ForServer(), patience.Token);
                }

                using var certificate = stream.RemoteCertificate is { } shown ? new X509Certificate2(shown) : null;
                if (_writers.NameOf(certificate) is { } edge) await TalkAsync(stream, edge);
                else TransferLog.Refused(_log, from, "its certificate names no edge that may write");
            }
            catch (Exception e) when (e is IOException or SocketException or AuthenticationException
                or OperationCanceledException or ObjectDisposedException)
            {
                if (!_stopping.IsCancellationRequested) TransferLog.Refused(_log, from, e.Message);
            }
    }

    /// <summary>An edge has one connection: with a newer one it has given the older up, whether the system knows or not.</summary>
    void Displace(string edge, CancellationTokenSource newer)
    {
        CancellationTokenSource? older = null;
        _talking.AddOrUpdate(edge, newer, (_, known) =>
        {
            older = known;
            return newer;
        });
        try
        {
            older?.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself.
        }
    }

    async Task TalkAsync(SslStream stream, string edge)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stopping.Token);
        using var writing = new SemaphoreSlim(1);
        using var working = new SemaphoreSlim(MostRequests);
        Displace(edge, ended);
        try
        {
            await foreach (var line in Lines.ReadAsync(stream, AgentMessage.LongestLine, ended.Token))
            {
                // Without a cookie nobody could tell what an answer is to.
                if (!AgentMessage.TrySplit(line, out var cookie, out var json)) continue;
                var request = AgentMessage.Read<AgentMessage.Request>(json);
                await working.WaitAsync(ended.Token);
                _ = AnswerAsync(cookie, request);
            }
        }
        finally
        {
            await ended.CancelAsync();
            _talking.TryRemove(new(edge, ended));
            // Those under way are answered to nobody, but have had their effect.
            for (var i = 0; i < MostRequests; i++) await working.WaitAsync(CancellationToken.None);
        }

        async Task AnswerAsync(string cookie, AgentMessage.Request? request)
        {
            try
            {
                var answer = AgentMessage.Write(cookie, await _requests.AnswerAsync(edge, request));
                await writing.WaitAsync(ended.Token);
                try
                {
                    await stream.WriteAsync(answer, ended.Token);
                }
                finally
                {
                    writing.Release();
                }
            }
            catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The edge is gone, and asks again.
            }
            catch (Exception e)
            {
                SignallingLog.MachineFailed(_log, "The control agent", e);
            }
            finally
            {
                working.Release();
            }
        }
    }
}
