using System.Net;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>A UDP socket before a <see cref="DtlsListener"/> and its sessions: every message goes back.</summary>
sealed class DtlsEcho : IAsyncDisposable
{
    readonly UdpClient _socket = new(new IPEndPoint(IPAddress.Loopback, 0));
    readonly CancellationTokenSource _stop = new();
    readonly DtlsListener _listener = new(new SystemRandom());
    readonly Dictionary<TransportAddress, DtlsSession> _sessions = [];
    readonly TlsContext _context;
    readonly Task _serving;

    public DtlsEcho(TlsContext context)
    {
        _context = context;
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_socket.Client.LocalEndPoint!).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        foreach (var session in _sessions.Values) session.Dispose();
        _socket.Dispose();
        _stop.Dispose();
    }

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var came = await _socket.ReceiveAsync(_stop.Token);
                foreach (var datagram in On(TransportAddress.From(came.RemoteEndPoint), came.Buffer))
                    await _socket.SendAsync(datagram, came.RemoteEndPoint, _stop.Token);
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    List<byte[]> On(in TransportAddress client, byte[] datagram)
    {
        var now = SystemClock.Now;
        if (_sessions.TryGetValue(client, out var session) && !session.IsSurpassedBy(datagram))
        {
            ReadOnlySpan<byte> left = datagram;
            var plain = new byte[SecureSession.MostRecord];
            while (session.Read(ref left, plain) is var n and > 0) session.TryWrite(plain.AsSpan(0, n));
            return DtlsPair.TakeFrom(session);
        }

        var answer = new byte[DtlsListener.AnswerLength];
        switch (_listener.Hear(now, client, datagram, answer))
        {
            case DtlsVerdict.Answer:
                return [answer];
            case DtlsVerdict.Proven:
                session?.Dispose();
                return DtlsPair.TakeFrom(_sessions[client] = DtlsSession.Accept(_context, now, datagram));
            default:
                return [];
        }
    }
}
