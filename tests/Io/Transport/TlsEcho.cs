using System.Net;
using System.Net.Sockets;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>A TCP socket before a <see cref="TlsSession"/>: every byte goes back. One client after another.</summary>
sealed class TlsEcho : IAsyncDisposable
{
    readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource _stop = new();
    readonly TlsContext _context;
    readonly Task _serving;

    public TlsEcho(TlsContext context)
    {
        _context = context;
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>How the last session ended.</summary>
    public TlsEnd Ended { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _serving;
        _stop.Dispose();
    }

    async Task ServeAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var socket = await _listener.AcceptSocketAsync(_stop.Token);
                using TlsSession session = new(_context, ServedStream.Start);
                var buffer = new byte[2048];
                while (session.State != TlsState.Closed && await socket.ReceiveAsync(buffer, _stop.Token) is var n and > 0)
                {
                    Echo(session, buffer.AsSpan(0, n));
                    await socket.SendAsync(TlsPair.TakeFrom(session), _stop.Token);
                }

                Ended = session.Ended;
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException)
            {
            }
        }
    }

    static void Echo(TlsSession session, ReadOnlySpan<byte> piece)
    {
        var plain = new byte[SecureSession.MostRecord];
        while (session.Read(ref piece, plain) is var n and > 0) session.TryWrite(plain.AsSpan(0, n));
    }
}
