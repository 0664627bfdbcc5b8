using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes.Core;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

/// <summary>
/// A <see cref="TurnClient"/> as a node: its thread, and its UDP socket to one server. Once it has a relay it can carry a test
/// stream through it, or be an echo behind it.
/// </summary>
public sealed partial class RelayClient : IDisposable
{
    // Datagrams that the machine has not taken yet; what is beyond is lost, as a full socket would lose it.
    const int Window = 4096;

    const int LargestDatagram = 65_535;

    readonly TransportAddress _server;
    readonly Socket _socket;
    readonly TurnClient _client;
    readonly MachineThread<Action<Instant>> _thread;
    readonly Thread _reader;
    readonly Wishes _wishes = new();
    int _underWay;
    volatile bool _closed;

    /// <param name="server">Where to ask.</param>
    /// <param name="settings">What with.</param>
    /// <param name="from">Of this machine; null to leave the choice to the system.</param>
    /// <exception cref="RefusedException">This machine has no socket for such an address.</exception>
    public RelayClient(TransportAddress server, TurnClientSettings settings, IPAddress? from = null)
    {
        (_server, _client) = (server, new(settings, new SystemRandom()));
        _thread = new(
            "TURN client", Run, now => Run(now, OnDeadline), () => Instant.Earliest(_client.NextDeadline, _stream?.NextDeadline));
        _socket = Connect(server, from);
        _reader = new(Read) { Name = "TURN client's socket", IsBackground = true };
        _thread.Start();
        _reader.Start();
    }

    /// <summary>Why the relay was refused or lost; null while it was not.</summary>
    public TurnClientFailure? Failure { get; private set; }

    /// <summary>How long a wish is waited for; null for as long as RFC 8489 sends.</summary>
    public TimeSpan? Patience { get; init; }

    /// <summary>Asks for the relay, and waits for the server to say whom a token must be for.</summary>
    /// <exception cref="RefusedException">It wants none, or there is none; the sentence says why.</exception>
    public Task<string> AskAsync(CancellationToken stop) => Wish(_wishes.Server, _client.Allocate, stop);

    /// <summary>Goes on with the token that the server wanted.</summary>
    /// <exception cref="RefusedException">There is no relay; the sentence says why.</exception>
    public Task<TurnClientEffect.Allocated> AllocateAsync(IssuedToken token, CancellationToken stop) =>
        Wish(_wishes.Relay, now => _client.Renew(now, token), stop);

    /// <summary>Asks for the relay.</summary>
    /// <exception cref="RefusedException">There is none; the sentence says why.</exception>
    public Task<TurnClientEffect.Allocated> AllocateAsync(CancellationToken stop) =>
        Wish(_wishes.Relay, _client.Allocate, stop);

    /// <summary>Where the server has sent this client instead; null for nowhere.</summary>
    public TransportAddress? Alternate { get; private set; }

    /// <summary>Asks for a channel to a peer, and with it for its permission.</summary>
    /// <exception cref="RefusedException">It was refused.</exception>
    public Task<TurnClientEffect.Admitted> BindAsync(TransportAddress peer, CancellationToken stop) =>
        Wish(_wishes.Of(peer), now => _client.Bind(now, peer), stop);

    /// <summary>Asks for a permission for all ports of an address.</summary>
    /// <exception cref="RefusedException">It was refused.</exception>
    public Task<TurnClientEffect.Admitted> PermitAsync(TransportAddress peer, CancellationToken stop) =>
        Wish(_wishes.Of(peer), now => _client.Permit(now, peer), stop);

    /// <summary>Goes on under a newer token (RFC 7635 §9); one that no client could send is passed over.</summary>
    public void Renew(IssuedToken token) => Post(now => _client.Renew(now, token));

    /// <summary>Gives the relay back; without an answer after <paramref name="patience"/> it ends by its lifetime.</summary>
    /// <returns>Whether the server agreed.</returns>
    public async Task<bool> ReleaseAsync(TimeSpan patience)
    {
        Post(_client.Release);
        return await Task.WhenAny(_wishes.End.Task, Task.Delay(patience)) == _wishes.End.Task;
    }

    /// <summary>Waits until the relay is lost.</summary>
    /// <exception cref="RefusedException">It was lost; the sentence says why.</exception>
    public Task LostAsync(CancellationToken stop) => _wishes.Report.Task.WaitAsync(stop);

    public void Dispose()
    {
        _closed = true;
        // Wakes the reader, too.
        _socket.Dispose();
        _thread.Stop(_ => { });
        _reader.Join();
        _wishes.Fail(new RefusedException("The client was stopped."));
    }

    async Task<T> Wish<T>(TaskCompletionSource<T> wish, Action<Instant> act, CancellationToken stop)
    {
        Post(act);
        try
        {
            return await wish.Task.WaitAsync(Patience ?? Timeout.InfiniteTimeSpan, stop);
        }
        catch (TimeoutException)
        {
            throw new RefusedException($"The TURN server udp:{_server} did not answer within {Patience!.Value.TotalSeconds:0} s.");
        }
    }

    void Post(Action<Instant> input) => _thread.TryPost(input);

    void OnDeadline(Instant now)
    {
        if (_client.NextDeadline <= now) _client.OnDeadline(now);
        _stream?.OnDeadline(now);
    }

    /// <summary>One step of the machines and all they decided. A defect ends what is waited for.</summary>
    void Run(Instant now, Action<Instant> step)
    {
        try
        {
            step(now);
            Drain(now);
        }
        catch (Exception defect)
        {
            _wishes.Fail(defect);
        }
    }

    void Drain(Instant now)
    {
        while (true)
            if (_client.TryTake(out var effect)) Perform(now, effect);
            else if (_stream?.TryTake(out var packet) == true) _client.TrySend(_streamPeer, packet.Span);
            else break;
        TellReport();
    }

    void Perform(Instant now, TurnClientEffect effect)
    {
        switch (effect)
        {
            case TurnClientEffect.ToServer(var datagram):
                Send(now, datagram.Span);
                break;
            case TurnClientEffect.Received(var peer, var payload):
                OnReceived(now, peer, payload);
                break;
            case TurnClientEffect.TokenWanted(var name):
                _wishes.Server.TrySetResult(name);
                break;
            case TurnClientEffect.Allocated allocated:
                _wishes.Relay.TrySetResult(allocated);
                break;
            case TurnClientEffect.Admitted admitted:
                _wishes.Of(admitted.Peer).TrySetResult(admitted);
                break;
            case TurnClientEffect.Failed failed:
                Alternate = failed.Alternate ?? Alternate;
                var refused = new RefusedException(Sentence(failed));
                if (failed.Peer is { } whom) _wishes.Of(whom).TrySetException(refused);
                else Fail(failed.Cause, refused);
                break;
            case TurnClientEffect.Ended:
                _wishes.End.TrySetResult();
                break;
        }
    }

    void Fail(TurnClientFailure cause, RefusedException why)
    {
        Failure = cause;
        _wishes.Fail(why);
    }

    void Send(Instant now, ReadOnlySpan<byte> datagram)
    {
        try
        {
            _socket.Send(datagram);
        }
        catch (SocketException e)
        {
            OnTrouble(now, e.SocketErrorCode);
        }
        catch (ObjectDisposedException)
        {
            // Stopped; nobody waits for it.
        }
    }

    void Read()
    {
        var buffer = GC.AllocateUninitializedArray<byte>(LargestDatagram);
        while (!_closed)
            try
            {
                var length = _socket.Receive(buffer);
                var at = SystemClock.Now;
                if (Interlocked.Increment(ref _underWay) > Window)
                {
                    Interlocked.Decrement(ref _underWay);
                    continue;
                }

                var datagram = buffer.AsSpan(0, length).ToArray();
                Post(_ =>
                {
                    Interlocked.Decrement(ref _underWay);
                    // The moment it came, and not when its turn came: round trips are measured with it.
                    _client.OnServer(at, datagram);
                    Drain(at);
                });
            }
            catch (SocketException e)
            {
                if (!_closed) Post(now => OnTrouble(now, e.SocketErrorCode));
            }
            catch (ObjectDisposedException)
            {
                return;
            }
    }

    /// <summary>What the system learned by ICMP, of one datagram or another of this socket.</summary>
    void OnTrouble(Instant now, SocketError error)
    {
        if (error is SocketError.ConnectionRefused or SocketError.HostUnreachable or SocketError.NetworkUnreachable)
            _client.OnUnreachable(now);
    }

    static Socket Connect(in TransportAddress server, IPAddress? from)
    {
        var family = server.Family == IPFamily.IPv4 ? AddressFamily.InterNetwork : AddressFamily.InterNetworkV6;
        try
        {
            var socket = new Socket(family, SocketType.Dgram, ProtocolType.Udp);
            if (from is not null) Bind(socket, from);
            // Connected: only the server reaches it, and the system tells it when nobody listens there.
            socket.Connect(server.ToIPEndPoint());
            return socket;
        }
        catch (SocketException e)
        {
            throw new RefusedException($"This machine has no way to udp:{server} ({e.SocketErrorCode}).", e);
        }
    }

    static void Bind(Socket socket, IPAddress from)
    {
        try
        {
            socket.Bind(new IPEndPoint(from, 0));
        }
        catch (SocketException e)
        {
            socket.Dispose();
            throw new RefusedException($"This machine cannot send from {from} ({e.SocketErrorCode}).", e);
        }
    }
}
