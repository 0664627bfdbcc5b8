using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>What we call of libssl, by its own names (OpenSSL 3.0, man 3 of each; numbers of ssl.h and tls1.h).</summary>
static unsafe partial class LibSsl
{
    public const string Name = "libssl.so.3";

    public const ulong SSL_OP_NO_QUERY_MTU = 1UL << 12;
    public const ulong SSL_OP_NO_TICKET = 1UL << 14;
    public const ulong SSL_OP_NO_COMPRESSION = 1UL << 17;
    public const ulong SSL_OP_PRIORITIZE_CHACHA = 1UL << 21;
    public const ulong SSL_OP_CIPHER_SERVER_PREFERENCE = 1UL << 22;
    public const ulong SSL_OP_NO_RENEGOTIATION = 1UL << 30;

    public const nint SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER = 0x02;
    public const nint SSL_MODE_RELEASE_BUFFERS = 0x10;

    public const int SSL_CTRL_SET_MTU = 17;
    public const int SSL_CTRL_MODE = 33;
    public const int SSL_CTRL_SET_SESS_CACHE_MODE = 44;
    public const int SSL_CTRL_SET_MAX_CERT_LIST = 51;
    public const int DTLS_CTRL_GET_TIMEOUT = 73;
    public const int DTLS_CTRL_HANDLE_TIMEOUT = 74;
    public const int SSL_CTRL_SET_GROUPS_LIST = 92;
    public const int SSL_CTRL_SET_MIN_PROTO_VERSION = 123;
    public const int SSL_CTRL_SET_MAX_PROTO_VERSION = 124;

    public const nint TLS1_2_VERSION = 0x0303;
    public const nint DTLS1_2_VERSION = 0xFEFD;

    public const int SSL_ERROR_WANT_READ = 2;
    public const int SSL_ERROR_ZERO_RETURN = 6;

    public const int SSL_FILETYPE_PEM = 1;
    public const int SSL_TLSEXT_ERR_OK = 0;
    public const int SSL_TLSEXT_ERR_ALERT_FATAL = 2;

    [LibraryImport(Name)]
    public static partial nint TLS_server_method();

    [LibraryImport(Name)]
    public static partial nint TLS_client_method();

    [LibraryImport(Name)]
    public static partial nint DTLS_server_method();

    [LibraryImport(Name)]
    public static partial nint DTLS_client_method();

    [LibraryImport(Name)]
    public static partial SslContextHandle SSL_CTX_new(nint method);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Name)]
    public static partial CLong SSL_CTX_ctrl(SslContextHandle context, int command, CLong number, void* pointer);

    [LibraryImport(Name)]
    public static partial ulong SSL_CTX_set_options(SslContextHandle context, ulong options);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_set_num_tickets(SslContextHandle context, nuint count);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_set_cipher_list(SslContextHandle context, string ciphers);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_alpn_select_cb(
        SslContextHandle context, delegate* unmanaged[Cdecl]<nint, byte**, byte*, byte*, uint, void*, int> select, void* argument);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_cookie_verify_cb(
        SslContextHandle context, delegate* unmanaged[Cdecl]<nint, byte*, uint, int> verify);

    [LibraryImport(Name)]
    public static partial void SSL_CTX_set_default_passwd_cb(
        SslContextHandle context, delegate* unmanaged[Cdecl]<byte*, int, int, void*, int> password);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_use_certificate_chain_file(SslContextHandle context, string path);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial int SSL_CTX_use_PrivateKey_file(SslContextHandle context, string path, int type);

    [LibraryImport(Name)]
    public static partial int SSL_CTX_check_private_key(SslContextHandle context);

    [LibraryImport(Name)]
    public static partial SslHandle SSL_new(SslContextHandle context);

    [LibraryImport(Name)]
    public static partial void SSL_free(nint ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_bio(SslHandle ssl, nint read, nint write);

    [LibraryImport(Name)]
    public static partial void SSL_set_accept_state(SslHandle ssl);

    [LibraryImport(Name)]
    public static partial void SSL_set_connect_state(SslHandle ssl);

    [LibraryImport(Name)]
    public static partial CLong SSL_ctrl(SslHandle ssl, int command, CLong number, void* pointer);

    [LibraryImport(Name)]
    public static partial int DTLSv1_listen(SslHandle ssl, nint address);

    [LibraryImport(Name)]
    public static partial int SSL_do_handshake(SslHandle ssl);

    [LibraryImport(Name)]
    public static partial int SSL_read(SslHandle ssl, byte* plain, int length);

    [LibraryImport(Name)]
    public static partial int SSL_write(SslHandle ssl, byte* plain, int length);

    [LibraryImport(Name)]
    public static partial int SSL_shutdown(SslHandle ssl);

    [LibraryImport(Name)]
    public static partial int SSL_get_error(SslHandle ssl, int result);

    [LibraryImport(Name)]
    public static partial nint SSL_get_version(SslHandle ssl);

    /// <summary>The peer's certificate, still the SSL's.</summary>
    [LibraryImport(Name)]
    public static partial nint SSL_get0_peer_certificate(SslHandle ssl);

    [LibraryImport(Name)]
    public static partial nint SSL_CIPHER_get_name(nint cipher);

    [LibraryImport(Name)]
    public static partial nint SSL_get_current_cipher(SslHandle ssl);
}
