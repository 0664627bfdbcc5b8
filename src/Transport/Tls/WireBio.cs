using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portunus.Transport.Tls;

/// <summary>
/// A kind of BIO whose two ends are a <see cref="Wire"/>. OpenSSL's own BIO_s_mem would copy once more and never shrink, and OpenSSL 3.0
/// has none that keeps the bounds of datagrams.
/// </summary>
static unsafe class WireBio
{
    // One for the process, for as long as it lives: OpenSSL calls it from any session.
    static readonly nint Method = NewMethod();

    /// <summary>Owned by whom it is given to; 0 when there is no memory.</summary>
    public static nint New(Wire* wire)
    {
        var bio = LibCrypto.BIO_new(Method);
        if (bio == 0) return 0;
        LibCrypto.BIO_set_data(bio, wire);
        LibCrypto.BIO_set_init(bio, 1);
        return bio;
    }

    static nint NewMethod()
    {
        var method = LibCrypto.BIO_meth_new(LibCrypto.BIO_get_new_index() | LibCrypto.BIO_TYPE_SOURCE_SINK, "portunus wire");
        LibCrypto.BIO_meth_set_read(method, &Read);
        LibCrypto.BIO_meth_set_write(method, &Write);
        LibCrypto.BIO_meth_set_ctrl(method, &Control);
        return method;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Read(nint bio, byte* destination, int most)
    {
        const int Retry = LibCrypto.BIO_FLAGS_READ | LibCrypto.BIO_FLAGS_SHOULD_RETRY;
        LibCrypto.BIO_clear_flags(bio, Retry);
        var taken = ((Wire*)LibCrypto.BIO_get_data(bio))->Take(destination, most);
        if (taken < 0) LibCrypto.BIO_set_flags(bio, Retry);
        return taken;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static int Write(nint bio, byte* source, int length)
    {
        const int Retry = LibCrypto.BIO_FLAGS_WRITE | LibCrypto.BIO_FLAGS_SHOULD_RETRY;
        LibCrypto.BIO_clear_flags(bio, Retry);
        if (((Wire*)LibCrypto.BIO_get_data(bio))->TryPut(source, length)) return length;
        LibCrypto.BIO_set_flags(bio, Retry);
        return -1;
    }

    // All that a datagram BIO may be asked (MTU, peer, timers) is answered with "not known": the session sets its MTU itself.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    static CLong Control(nint bio, int command, CLong number, void* pointer) => new(command == LibCrypto.BIO_CTRL_FLUSH ? 1 : 0);
}
