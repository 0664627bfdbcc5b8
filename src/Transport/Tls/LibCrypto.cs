using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>What we call of libcrypto, by its own names (OpenSSL 3.0, man 3 of each).</summary>
static unsafe partial class LibCrypto
{
    public const string Name = "libcrypto.so.3";

    public const int BIO_TYPE_SOURCE_SINK = 0x0400;
    public const int BIO_CTRL_FLUSH = 11;
    public const int BIO_FLAGS_READ = 0x01;
    public const int BIO_FLAGS_WRITE = 0x02;
    public const int BIO_FLAGS_SHOULD_RETRY = 0x08;

    [LibraryImport(Name)]
    public static partial CULong ERR_peek_error();

    [LibraryImport(Name)]
    public static partial void ERR_clear_error();

    [LibraryImport(Name)]
    public static partial nint ERR_reason_error_string(CULong number);

    [LibraryImport(Name)]
    public static partial int BIO_get_new_index();

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint BIO_meth_new(int type, string name);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_read(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> read);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_write(nint method, delegate* unmanaged[Cdecl]<nint, byte*, int, int> write);

    [LibraryImport(Name)]
    public static partial int BIO_meth_set_ctrl(nint method, delegate* unmanaged[Cdecl]<nint, int, CLong, void*, CLong> ctrl);

    [LibraryImport(Name)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Name)]
    public static partial void BIO_set_init(nint bio, int init);

    [LibraryImport(Name)]
    public static partial void BIO_set_data(nint bio, void* data);

    [LibraryImport(Name)]
    public static partial void* BIO_get_data(nint bio);

    [LibraryImport(Name)]
    public static partial void BIO_set_flags(nint bio, int flags);

    [LibraryImport(Name)]
    public static partial void BIO_clear_flags(nint bio, int flags);

    [LibraryImport(Name)]
    public static partial int i2d_X509(nint certificate, byte** destination);

    [LibraryImport(Name)]
    public static partial nint BIO_ADDR_new();

    [LibraryImport(Name)]
    public static partial void BIO_ADDR_free(nint address);
}
