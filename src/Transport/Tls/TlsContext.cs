using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>
/// What the sessions of a listener have in common: certificate, key, protocols. To change the certificate make another and give it to new
/// sessions; the ones that run keep theirs, even after <see cref="Dispose"/>. Any thread; dispose one when no thread begins with it any
/// more, or leave it to the collector.
/// </summary>
public sealed unsafe class TlsContext : IDisposable
{
    // ECDHE and AEAD (RFC 9325 §4.2); TLS 1.3 has nothing else.
    const string Ciphers = "ECDHE+AESGCM:ECDHE+CHACHA20";

    // The longest handshake message taken in, for a peer of whom no certificate is asked; OpenSSL adds a record to it.
    const int MostPeerCertificates = 4096;

    TlsContext(nint method, bool isServer, bool isDatagrams, string ciphers = Ciphers)
    {
        (IsServer, IsDatagrams) = (isServer, isDatagrams);
        Handle = LibSsl.SSL_CTX_new(method);
        if (Handle.IsInvalid) throw new OpenSslException($"OpenSSL gave no context: {OpenSsl.Describe(OpenSsl.TakeError())}.");
        // What a newer OpenSSL may add is taken for streams. For datagrams it is not: DTLS 1.3 has its cookie elsewhere (RFC 9147 §5.1).
        Control(LibSsl.SSL_CTRL_SET_MIN_PROTO_VERSION, isDatagrams ? LibSsl.DTLS1_2_VERSION : LibSsl.TLS1_2_VERSION);
        if (isDatagrams) Control(LibSsl.SSL_CTRL_SET_MAX_PROTO_VERSION, LibSsl.DTLS1_2_VERSION);
        fixed (byte* groups = "X25519:P-256:P-384\0"u8) Control(LibSsl.SSL_CTRL_SET_GROUPS_LIST, 0, groups);
        if (LibSsl.SSL_CTX_set_cipher_list(Handle, ciphers) != 1) throw new OpenSslException($"OpenSSL has none of the ciphers {ciphers}.");
        // No session is taken up again: a relay is used for minutes, and a ticket key that lives as long as the process would undo
        // forward secrecy (RFC 9325 §7.4).
        LibSsl.SSL_CTX_set_options(Handle, LibSsl.SSL_OP_NO_TICKET | LibSsl.SSL_OP_NO_COMPRESSION | LibSsl.SSL_OP_NO_RENEGOTIATION |
            LibSsl.SSL_OP_CIPHER_SERVER_PREFERENCE | LibSsl.SSL_OP_PRIORITIZE_CHACHA | LibSsl.SSL_OP_NO_QUERY_MTU);
        LibSsl.SSL_CTX_set_num_tickets(Handle, 0);
        Control(LibSsl.SSL_CTRL_SET_SESS_CACHE_MODE, 0);
        Control(LibSsl.SSL_CTRL_MODE, LibSsl.SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER | LibSsl.SSL_MODE_RELEASE_BUFFERS);
        if (isServer) Control(LibSsl.SSL_CTRL_SET_MAX_CERT_LIST, MostPeerCertificates);
    }

    /// <summary>TLS 1.2 and 1.3 over TCP.</summary>
    /// <inheritdoc cref="ForDatagrams"/>
    public static TlsContext ForStreams(string certificate, string key) => Server(certificate, key, isDatagrams: false);

    /// <summary>DTLS 1.2 over UDP.</summary>
    /// <param name="certificate">Path of a PEM file: the server's certificate, then the intermediate ones.</param>
    /// <param name="key">Path of a PEM file with its private key, not encrypted; may be the same file.</param>
    /// <exception cref="OpenSslException">OpenSSL is not there, or a file is not what it should be.</exception>
    public static TlsContext ForDatagrams(string certificate, string key) => Server(certificate, key, isDatagrams: true);

    internal bool IsServer { get; }

    internal bool IsDatagrams { get; }

    internal SslContextHandle Handle { get; }

    /// <summary>A client that believes any server: what a server is tried with.</summary>
    internal static TlsContext Client(bool isDatagrams, string ciphers = Ciphers)
    {
        OpenSsl.Require();
        return new(isDatagrams ? LibSsl.DTLS_client_method() : LibSsl.TLS_client_method(), isServer: false, isDatagrams, ciphers);
    }

    public void Dispose() => Handle.Dispose();

    static TlsContext Server(string certificate, string key, bool isDatagrams)
    {
        OpenSsl.Require();
        var context = new TlsContext(isDatagrams ? LibSsl.DTLS_server_method() : LibSsl.TLS_server_method(), isServer: true, isDatagrams);
        try
        {
            context.Use(certificate, key);
        }
        catch
        {
            context.Dispose();
            throw;
        }

        LibSsl.SSL_CTX_set_alpn_select_cb(context.Handle, &TlsAlpn.Select, null);
        if (isDatagrams) LibSsl.SSL_CTX_set_cookie_verify_cb(context.Handle, &IsShown);
        return context;
    }

    void Use(string certificate, string key)
    {
        LibCrypto.ERR_clear_error();
        // Without this OpenSSL would ask on the terminal for the password of an encrypted key.
        LibSsl.SSL_CTX_set_default_passwd_cb(Handle, &NoPassword);
        if (LibSsl.SSL_CTX_use_certificate_chain_file(Handle, certificate) != 1)
            throw Refused($"The certificate {certificate} cannot be read; write the path of a PEM file that begins with the server's");
        if (LibSsl.SSL_CTX_use_PrivateKey_file(Handle, key, LibSsl.SSL_FILETYPE_PEM) != 1 || LibSsl.SSL_CTX_check_private_key(Handle) != 1)
            throw Refused($"{key} is not the private key of {certificate}, in plain PEM");
    }

    static OpenSslException Refused(string sentence) => new($"{sentence} ({OpenSsl.Describe(OpenSsl.TakeError())}).");

    void Control(int command, nint number, byte* pointer = null) =>
        LibSsl.SSL_CTX_ctrl(Handle, command, new CLong(number), pointer);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int NoPassword(byte* password, int size, int isForWriting, void* argument) => 0;

    // A session begins only with a hello whose cookie DtlsListener has checked.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int IsShown(nint ssl, byte* cookie, uint length) => 1;
}
