using System.Buffers.Binary;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace Portunus.Tests.Conformance.Transports;

/// <summary>A TCP connection to the server, bare or under TLS, cut into messages by their own lengths (RFC 8656 §12.5).</summary>
sealed class StreamPipe : IPipe
{
    readonly Socket _socket;
    readonly Stream _stream;
    readonly Task _reader;

    /// <summary>What came and was not taken; its lock guards <see cref="_ended"/>, too.</summary>
    readonly List<byte> _kept = [];
    bool _ended;

    /// <summary>Connects.</summary>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="System.Security.Authentication.AuthenticationException">There is no TLS.</exception>
    public StreamPipe(IPEndPoint server, bool tls, TimeSpan patience)
    {
        _socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (var late = new CancellationTokenSource(patience)) _socket.ConnectAsync(server, late.Token).AsTask().GetAwaiter().GetResult();
        Local = (IPEndPoint)_socket.LocalEndPoint!;
        _stream = new NetworkStream(_socket, ownsSocket: true);
        if (tls)
        {
            var session = new SslStream(_stream);
            _stream.ReadTimeout = (int)patience.TotalMilliseconds;
            // The suite looks at TURN; whose certificate a server has is its operator's business.
            session.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = server.Address.ToString(), RemoteCertificateValidationCallback = (_, _, _, _) => true,
            });
            _stream.ReadTimeout = Timeout.Infinite;
            _stream = session;
        }

        _reader = Read();
    }

    public IPEndPoint Local { get; }

    public bool IsStream => true;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        try
        {
            _stream.Write(bytes);
        }
        catch (IOException)
        {
            // The server has ended it; whoever waits for an answer sees that none comes.
        }
    }

    public byte[]? Receive(TimeSpan patience)
    {
        lock (_kept)
        {
            Await(() => _kept.Count >= 4 && _kept.Count >= WholeLength(), patience);
            return _kept.Count >= 4 && WholeLength() is var length && _kept.Count >= length ? Take(length) : null;
        }
    }

    /// <summary>Bytes of a stream that is no longer cut into messages: as many as asked for, or fewer if the time runs out.</summary>
    public byte[] ReceiveBytes(int count, TimeSpan patience)
    {
        lock (_kept)
        {
            Await(() => _kept.Count >= count, patience);
            return Take(Math.Min(count, _kept.Count));
        }
    }

    /// <summary>Whether the server ends the stream in time.</summary>
    public bool Ends(TimeSpan patience)
    {
        lock (_kept)
        {
            Await(() => _ended, patience);
            return _ended;
        }
    }

    public void Dispose()
    {
        _stream.Dispose();
        _reader.GetAwaiter().GetResult();
    }

    void Await(Func<bool> there, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (!there() && !_ended && patience - clock.Elapsed is var left && left > TimeSpan.Zero) Monitor.Wait(_kept, left);
    }

    int WholeLength()
    {
        var length = BinaryPrimitives.ReadUInt16BigEndian([_kept[2], _kept[3]]);
        return _kept[0] is >= 0x40 and <= 0x7F ? 4 + ((length + 3) & ~3) : 20 + length;
    }

    byte[] Take(int count)
    {
        var taken = _kept[..count].ToArray();
        _kept.RemoveRange(0, count);
        return taken;
    }

    async Task Read()
    {
        var buffer = new byte[16384];
        try
        {
            while (await _stream.ReadAsync(buffer).ConfigureAwait(false) is > 0 and var count) Keep(buffer.AsSpan(0, count));
        }
        catch (Exception end) when (end is IOException or ObjectDisposedException)
        {
            // Reset by the server, or closed by us.
        }

        lock (_kept)
        {
            _ended = true;
            Monitor.PulseAll(_kept);
        }
    }

    void Keep(ReadOnlySpan<byte> bytes)
    {
        lock (_kept)
        {
            _kept.AddRange(bytes);
            Monitor.PulseAll(_kept);
        }
    }
}
