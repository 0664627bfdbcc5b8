using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Relay;

/// <summary>OpenSSL's client of DTLS over a UDP socket; any certificate is believed.</summary>
sealed class RawDtls : IRawWire
{
    const int PollMicroseconds = 20_000;

    readonly Lock _gate = new();
    readonly TlsContext _context = TlsContext.Client(isDatagrams: true);
    readonly DtlsSession _session;
    readonly BlockingCollection<byte[]> _messages = [];
    readonly BesideWire _plain;
    readonly ManualResetEventSlim _opened = new();
    readonly byte[] _outgoing = new byte[65535];
    volatile bool _isDisposed;

    /// <param name="server">Where the server listens.</param>
    /// <param name="local">From where, if not from anywhere.</param>
    public RawDtls(IPEndPoint server, TransportAddress? local = null)
    {
        Socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 1 << 20 };
        if (local is { } from) Socket.Bind(from.ToIPEndPoint());
        Socket.Connect(server);
        _plain = new(Socket);
        _session = DtlsSession.Connect(_context, SystemClock.Now);
        lock (_gate) Flush();
        new Thread(Run) { IsBackground = true, Name = "RawDtls" }.Start();
        Assert.True(_opened.Wait(TimeSpan.FromSeconds(60)), $"no session: {_session.State}, {_session.Ended}");
    }

    public Socket Socket { get; }

    public bool IsStream => false;

    /// <summary>Plain UDP from and to the same addresses; ends with this.</summary>
    public IRawWire Plain => _plain;

    public bool HasEnded => _messages.IsAddingCompleted;

    public void Listen(bool reads) => throw new NotSupportedException();

    public void Write(ReadOnlySpan<byte> message)
    {
        lock (_gate)
        {
            _session.TryWrite(message);
            Flush();
        }
    }

    public byte[]? Receive(TimeSpan patience) => _messages.TryTake(out var message, patience) ? message : null;

    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _session.Close();
            try
            {
                Flush();
            }
            catch (ObjectDisposedException)
            {
                // Abandoned before.
            }

            _isDisposed = true;
            _session.Dispose();
        }

        Socket.Dispose();
        _context.Dispose();
    }

    void Run()
    {
        var (buffer, plain) = (new byte[65535], new byte[65535]);
        try
        {
            while (!_isDisposed && _session.State != TlsState.Closed)
            {
                var length = Socket.Poll(PollMicroseconds, SelectMode.SelectRead) ? Socket.Receive(buffer) : 0;
                if (BesideWire.IsPlain(buffer.AsSpan(0, length))) _plain.Hear(buffer.AsSpan(0, length));
                else lock (_gate) Take(buffer.AsSpan(0, length), plain);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The test has ended, or the server is gone.
        }

        _messages.CompleteAdding();
    }

    void Take(ReadOnlySpan<byte> datagram, byte[] plain)
    {
        if (_isDisposed) return;
        int length;
        while ((length = _session.Read(ref datagram, plain)) > 0) _messages.Add(plain.AsSpan(0, length).ToArray());
        _session.OnDeadline(SystemClock.Now);
        Flush();
        if (_session.State == TlsState.Open) _opened.Set();
    }

    void Flush()
    {
        while (_session.TryTake(_outgoing, out var length))
            if (length > 0)
                Socket.Send(_outgoing.AsSpan(0, length));
    }
}
