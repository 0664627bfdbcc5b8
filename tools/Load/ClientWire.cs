using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Portunus.Bedrock;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Transport.Tls;

namespace Portunus.Load;

/// <summary>What a client speaks over. It reads until it has its channel, and only writes from then on.</summary>
abstract class ClientWire : IDisposable
{
    /// <summary>For a handshake, too.</summary>
    protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <exception cref="TimeoutException">The handshake had no end.</exception>
    public static ClientWire Connect(ClientTransport transport, IPEndPoint server) => transport switch
    {
        ClientTransport.Udp => new UdpWire(server),
        ClientTransport.Dtls => new DtlsWire(server),
        _ => new StreamWire(server, transport == ClientTransport.Tls),
    };

    public abstract void Send(ReadOnlySpan<byte> message);

    /// <summary>One message that comes in time; none else.</summary>
    public abstract ReadOnlySpan<byte> Receive(TimeSpan patience);

    public abstract void Dispose();

    static Socket Datagrams(IPEndPoint server)
    {
        var socket = new Socket(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(server);
        return socket;
    }

    sealed class UdpWire(IPEndPoint server) : ClientWire
    {
        readonly Socket _socket = Datagrams(server);
        readonly byte[] _buffer = new byte[2048];

        public override void Send(ReadOnlySpan<byte> message) => _socket.Send(message);

        public override ReadOnlySpan<byte> Receive(TimeSpan patience) =>
            _socket.Poll(patience, SelectMode.SelectRead) ? _buffer.AsSpan(0, _socket.Receive(_buffer)) : default;

        public override void Dispose() => _socket.Dispose();
    }

    /// <summary>TCP, with the runtime's TLS over it if need be; any certificate is believed.</summary>
    sealed class StreamWire : ClientWire
    {
        readonly Socket _socket;
        readonly Stream _stream;
        readonly StreamFraming _framing = new();
        readonly byte[] _buffer = new byte[16384];
        int _start;
        int _end;

        public StreamWire(IPEndPoint server, bool isSecure)
        {
            _socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            _socket.Connect(server);
            _stream = new NetworkStream(_socket, ownsSocket: true) { ReadTimeout = (int)Patience.TotalMilliseconds };
            if (!isSecure) return;
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false, static (_, _, _, _) => true);
            tls.AuthenticateAsClient("bench");
            _stream = tls;
        }

        public override void Send(ReadOnlySpan<byte> message) => _stream.Write(message);

        public override ReadOnlySpan<byte> Receive(TimeSpan patience)
        {
            if (_start == _end && !_socket.Poll(patience, SelectMode.SelectRead)) return default;
            if (_start == _end) (_start, _end) = (0, _stream.Read(_buffer));
            ReadOnlySpan<byte> piece = _buffer.AsSpan(_start, _end - _start);
            var answer = _framing.TryTake(ref piece, out var message) ? message.ToArray() : [];
            _start = _end - piece.Length;
            return answer;
        }

        public override void Dispose()
        {
            _stream.Dispose();
            _framing.Dispose();
        }
    }

    /// <summary>OpenSSL's client of DTLS; any certificate is believed.</summary>
    sealed class DtlsWire : ClientWire
    {
        readonly Socket _socket;
        readonly TlsContext _context = TlsContext.Client(isDatagrams: true);
        readonly DtlsSession _session;
        readonly byte[] _buffer = new byte[2048];
        readonly byte[] _plain = new byte[SecureSession.MostRecord];
        readonly byte[] _record = new byte[SecureSession.MostRecord + 64];

        public DtlsWire(IPEndPoint server)
        {
            _socket = Datagrams(server);
            _session = DtlsSession.Connect(_context, SystemClock.Now);
            for (var until = SystemClock.Now + Patience; _session.State == TlsState.Handshaking;)
            {
                if (SystemClock.Now > until) throw new TimeoutException("The handshake of DTLS had no end.");
                Receive(TimeSpan.FromMilliseconds(50));
            }
        }

        public override void Send(ReadOnlySpan<byte> message)
        {
            _session.TryWrite(message);
            Flush();
        }

        public override ReadOnlySpan<byte> Receive(TimeSpan patience)
        {
            _session.OnDeadline(SystemClock.Now);
            Flush();
            if (!_socket.Poll(patience, SelectMode.SelectRead)) return default;
            ReadOnlySpan<byte> datagram = _buffer.AsSpan(0, _socket.Receive(_buffer));
            // An answer is a record, and alone in its datagram.
            var length = _session.Read(ref datagram, _plain);
            Flush();
            return _plain.AsSpan(0, length);
        }

        public override void Dispose()
        {
            _session.Close();
            Flush();
            _session.Dispose();
            _context.Dispose();
            _socket.Dispose();
        }

        void Flush()
        {
            while (_session.TryTake(_record, out var length)) _socket.Send(_record.AsSpan(0, length));
        }
    }
}
