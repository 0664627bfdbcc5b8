using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using Portunus.Stun;

namespace Portunus.Tests.Io.Relay;

/// <summary>A connection to a TURN server, in the clear or by TLS, whose messages are cut out as they come.</summary>
sealed class RawStream : IRawWire
{
    readonly Stream _stream;
    readonly BlockingCollection<byte[]> _messages = [];
    readonly ManualResetEventSlim _reads = new(true);

    /// <param name="server">Where the server listens.</param>
    /// <param name="isSecure">Whether TLS is spoken; any certificate is believed.</param>
    /// <param name="receiveBuffer">In bytes, if not the system's choice.</param>
    /// <param name="reads">Whether anything is read before <see cref="Listen"/> says so.</param>
    /// <param name="from">Which address of this machine it comes from; null for that which the system takes.</param>
    /// <param name="preface">What is written before anything else, as a balancer does.</param>
    public RawStream(
        IPEndPoint server, bool isSecure, int? receiveBuffer = null, bool reads = true, IPAddress? from = null, byte[]? preface = null)
    {
        Socket = new(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        if (receiveBuffer is { } size) Socket.ReceiveBufferSize = size;
        if (from is not null) Socket.Bind(new IPEndPoint(from, 0));
        Socket.Connect(server);
        _stream = new NetworkStream(Socket, ownsSocket: true);
        if (preface is not null) _stream.Write(preface);
        if (isSecure)
        {
            var tls = new SslStream(_stream, leaveInnerStreamOpen: false, (_, _, _, _) => true);
            tls.AuthenticateAsClient(new SslClientAuthenticationOptions
            {
                TargetHost = "turn.example.org",
                ApplicationProtocols = [new("stun.turn")],
            });
            Protocol = tls.NegotiatedApplicationProtocol.ToString();
            _stream = tls;
        }

        Listen(reads);
        new Thread(Read) { IsBackground = true, Name = "RawStream" }.Start();
    }

    public Socket Socket { get; }

    public bool IsStream => true;

    /// <summary>By ALPN.</summary>
    public string? Protocol { get; }

    public bool HasEnded => _messages.IsAddingCompleted;

    public void Listen(bool reads)
    {
        if (reads) _reads.Set();
        else _reads.Reset();
    }

    public void Write(ReadOnlySpan<byte> bytes) => _stream.Write(bytes);

    public byte[]? Receive(TimeSpan patience) => _messages.TryTake(out var message, patience) ? message : null;

    public void Dispose() => _stream.Dispose();

    void Read()
    {
        var buffer = new byte[65536];
        using var framing = new StreamFraming();
        try
        {
            while (true)
            {
                _reads.Wait();
                var length = _stream.Read(buffer);
                if (length == 0) break;
                ReadOnlySpan<byte> piece = buffer.AsSpan(0, length);
                while (framing.TryTake(ref piece, out var message)) _messages.Add(message.ToArray());
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // Reset by the server, or closed by the test.
        }

        _messages.CompleteAdding();
    }
}
