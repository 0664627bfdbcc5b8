using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portunus.Tests.Conformance.Transports;

/// <summary>DTLS over UDP by the system's OpenSSL 3, since .NET has none.</summary>
sealed class DtlsPipe : IPipe
{
    const int WantRead = 2, Timeout = 73, SetMtu = 17, QueryNoMtu = 0x1000;

    readonly Socket _socket;
    readonly nint _context, _session, _input, _output;
    readonly byte[] _buffer = new byte[65536];

    /// <summary>Connects, with retransmissions of the handshake.</summary>
    /// <exception cref="IOException">The handshake failed, or nobody answered.</exception>
    public DtlsPipe(IPEndPoint server, TimeSpan patience)
    {
        _socket = new(server.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        _socket.Connect(server);
        _context = SSL_CTX_new(DTLS_client_method());
        _session = SSL_new(_context);
        (_input, _output) = (BIO_new(BIO_s_mem()), BIO_new(BIO_s_mem()));
        SSL_set_bio(_session, _input, _output);
        SSL_set_options(_session, QueryNoMtu);
        SSL_ctrl(_session, SetMtu, 1200, 0);
        SSL_set_connect_state(_session);
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (SSL_do_handshake(_session) is var result && result != 1)
        {
            if (SSL_get_error(_session, result) != WantRead) throw new IOException("the DTLS handshake failed");
            Flush();
            if (clock.Elapsed > patience) throw new IOException("nobody answers the DTLS handshake");
            if (!Feed(TimeSpan.FromMilliseconds(250))) SSL_ctrl(_session, Timeout + 1, 0, 0); // DTLSv1_handle_timeout
        }

        Flush();
    }

    public IPEndPoint Local => (IPEndPoint)_socket.LocalEndPoint!;

    public bool IsStream => false;

    public void Send(ReadOnlySpan<byte> bytes)
    {
        SSL_write(_session, bytes.ToArray(), bytes.Length);
        Flush();
    }

    public byte[]? Receive(TimeSpan patience)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (true)
        {
            if (SSL_read(_session, _buffer, _buffer.Length) is > 0 and var count) return _buffer[..count];
            Flush();
            if (patience - clock.Elapsed is var left && (left <= TimeSpan.Zero || !Feed(left))) return null;
        }
    }

    public void Dispose()
    {
        SSL_shutdown(_session);
        Flush();
        SSL_free(_session);
        SSL_CTX_free(_context);
        _socket.Dispose();
    }

    /// <summary>One datagram into the session.</summary>
    bool Feed(TimeSpan patience)
    {
        try
        {
            if (!_socket.Poll(patience, SelectMode.SelectRead)) return false;
            var datagram = new byte[65536];
            var count = _socket.Receive(datagram);
            return BIO_write(_input, datagram, count) == count;
        }
        catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    /// <summary>Each record out in a datagram of its own: OpenSSL's memory keeps no bounds, but records have lengths.</summary>
    void Flush()
    {
        var pending = new byte[65536];
        if (BIO_read(_output, pending, pending.Length) is not (> 0 and var count)) return;
        for (var at = 0; at + 13 <= count;)
        {
            var length = 13 + (pending[at + 11] << 8 | pending[at + 12]);
            try
            {
                _socket.Send(pending.AsSpan(at, Math.Min(length, count - at)));
            }
            catch (SocketException refused) when (refused.SocketErrorCode == SocketError.ConnectionRefused)
            {
                // What an earlier datagram met.
            }

            at += length;
        }
    }

    const string Ssl = "libssl.so.3", Crypto = "libcrypto.so.3";

    [DllImport(Ssl)] static extern nint DTLS_client_method();
    [DllImport(Ssl)] static extern nint SSL_CTX_new(nint method);
    [DllImport(Ssl)] static extern void SSL_CTX_free(nint context);
    [DllImport(Ssl)] static extern nint SSL_new(nint context);
    [DllImport(Ssl)] static extern void SSL_free(nint session);
    [DllImport(Ssl)] static extern void SSL_set_bio(nint session, nint input, nint output);
    [DllImport(Ssl)] static extern ulong SSL_set_options(nint session, ulong options);
    [DllImport(Ssl)] static extern nint SSL_ctrl(nint session, int command, nint number, nint pointer);
    [DllImport(Ssl)] static extern void SSL_set_connect_state(nint session);
    [DllImport(Ssl)] static extern int SSL_do_handshake(nint session);
    [DllImport(Ssl)] static extern int SSL_get_error(nint session, int result);
    [DllImport(Ssl)] static extern int SSL_read(nint session, byte[] buffer, int count);
    [DllImport(Ssl)] static extern int SSL_write(nint session, byte[] buffer, int count);
    [DllImport(Ssl)] static extern int SSL_shutdown(nint session);
    [DllImport(Crypto)] static extern nint BIO_s_mem();
    [DllImport(Crypto)] static extern nint BIO_new(nint method);
    [DllImport(Crypto)] static extern int BIO_read(nint bio, byte[] buffer, int count);
    [DllImport(Crypto)] static extern int BIO_write(nint bio, byte[] buffer, int count);
}
