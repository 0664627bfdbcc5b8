using System.Runtime.InteropServices;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

public sealed class NativeMemoryTests : IDisposable
{
    // An SSL takes more than 5 kB, so a thousand that are lost more than five times this.
    const long Noise = 1_000_000;

    readonly PemFiles _files = PemFiles.Create();

    [Fact]
    public void A_thousand_sessions_of_TLS_leave_nothing_behind()
    {
        using var server = TlsContext.ForStreams(_files.Certificate, _files.Key);
        using var client = TlsContext.Client(isDatagrams: false);
        LeavesNothing(i =>
        {
            using TlsPair pair = new(server, client);
            // One in four is left in the middle of its handshake, and one with bytes that nobody fetched.
            if (i % 4 == 0) pair.Give(pair.Server, TlsPair.TakeFrom(pair.Client));
            else pair.Opened();
            if (i % 4 == 1) pair.Server.TryWrite(new byte[5000]);
        });
    }

    [Fact]
    public void A_thousand_sessions_of_DTLS_leave_nothing_behind()
    {
        using var server = TlsContext.ForDatagrams(_files.Certificate, _files.Key);
        using var client = TlsContext.Client(isDatagrams: true);
        LeavesNothing(i =>
        {
            using DtlsPair pair = new(server, client);
            if (i % 4 == 0) pair.Exchange((byClient, datagram) => byClient || pair.Server is null ? [datagram] : []);
            else pair.Opened();
            if (i % 4 == 1) pair.Server!.TryWrite(new byte[5000]);
        });
    }

    [Fact]
    public void A_thousand_contexts_leave_nothing_behind() =>
        LeavesNothing(_ => TlsContext.ForStreams(_files.Certificate, _files.Key).Dispose());

    public void Dispose() => _files.Dispose();

    /// <summary>Other tests take and give back memory meanwhile: of three rounds one must show less than the noise.</summary>
    static void LeavesNothing(Action<int> session)
    {
        for (var i = 0; i < 100; i++) session(i);
        var least = long.MaxValue;
        for (var round = 0; round < 3 && least > Noise; round++)
        {
            var before = InUse();
            for (var i = 0; i < 1000; i++) session(i);
            least = Math.Min(least, InUse() - before);
        }

        Assert.InRange(least, long.MinValue, Noise);
    }

    /// <summary>Bytes that malloc has given out in this process.</summary>
    static long InUse()
    {
        var info = mallinfo2();
        return (long)(info.InArenas + info.Mapped);
    }

    [DllImport("libc")]
    static extern MallocInformation mallinfo2();

    // struct mallinfo2 of glibc's malloc.h: hblkhd and uordblks of its ten numbers.
    [StructLayout(LayoutKind.Explicit, Size = 80)]
    readonly struct MallocInformation
    {
        [FieldOffset(32)]
        public readonly nuint Mapped;

        [FieldOffset(56)]
        public readonly nuint InArenas;
    }
}
