using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Portunus.Transport;

/// <summary>epoll: waits at any number of descriptors, of which the silent ones cost nothing. Level-triggered; for one thread.</summary>
/// <remarks>Level-triggered, because then nobody has to empty a socket before the next has its turn.</remarks>
public sealed unsafe class Poller : IDisposable
{
    /// <summary>How many are named by one <see cref="Wait"/>; the others come first at the next one.</summary>
    public const int MostReady = 64;

    // struct epoll_event is packed on x86, so that its number begins behind four bytes; elsewhere it is aligned.
    static readonly bool IsPacked = RuntimeInformation.ProcessArchitecture is Architecture.X64 or Architecture.X86;
    static readonly int EventSize = IsPacked ? 12 : 16;
    static readonly int KeyOffset = IsPacked ? 4 : 8;

    readonly int _descriptor;
    readonly byte* _events;
    bool _isClosed;

    Poller(int descriptor)
    {
        _descriptor = descriptor;
        _events = (byte*)NativeMemory.Alloc(MostReady, (nuint)EventSize);
    }

    /// <summary>Null when the system has none left, or refuses them at all.</summary>
    public static Poller? TryOpen(out SocketError error)
    {
        var descriptor = Libc.EpollCreate(Libc.CloseOnExec);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        return descriptor < 0 ? null : new(descriptor);
    }

    /// <summary>Waits at one more.</summary>
    /// <param name="descriptor">Open.</param>
    /// <param name="key">By which <see cref="Wait"/> names it.</param>
    /// <param name="interest">For what.</param>
    public SocketError Add(int descriptor, ulong key, Interest interest) => Control(Libc.EpollAdd, descriptor, key, interest);

    /// <summary>Waits at one of them for something else from now on.</summary>
    public SocketError Change(int descriptor, ulong key, Interest interest) => Control(Libc.EpollModify, descriptor, key, interest);

    /// <summary>Waits at it no more. Before it is closed, since another one may then get its number.</summary>
    public void Remove(int descriptor) => Control(Libc.EpollDelete, descriptor, 0, Interest.None);

    /// <summary>Waits for the first.</summary>
    /// <param name="milliseconds">How long; 0 only looks, -1 has no end.</param>
    /// <param name="ready">Room for <see cref="MostReady"/>.</param>
    /// <returns>How many there are; a signal ends the wait with none.</returns>
    public int Wait(int milliseconds, Span<Readiness> ready)
    {
        var count = Libc.EpollWait(_descriptor, _events, Math.Min(MostReady, ready.Length), milliseconds);
        for (var i = 0; i < count; i++)
        {
            var at = _events + (i * EventSize);
            var flags = Unsafe.ReadUnaligned<uint>(at);
            // An error or a hang-up is learned by reading.
            ready[i] = new(Unsafe.ReadUnaligned<ulong>(at + KeyOffset),
                (flags & (Libc.EpollIn | Libc.EpollError | Libc.EpollHangUp)) != 0, (flags & Libc.EpollOut) != 0);
        }

        return Math.Max(count, 0);
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        Libc.Close(_descriptor);
        NativeMemory.Free(_events);
    }

    SocketError Control(int operation, int descriptor, ulong key, Interest interest)
    {
        var epollEvent = stackalloc byte[16];
        var flags = ((interest & Interest.Read) != 0 ? Libc.EpollIn : 0) | ((interest & Interest.Write) != 0 ? Libc.EpollOut : 0);
        Unsafe.WriteUnaligned(epollEvent, flags);
        Unsafe.WriteUnaligned(epollEvent + KeyOffset, key);
        return Libc.EpollControl(_descriptor, operation, descriptor, epollEvent) < 0 ? Errno.LastError : SocketError.Success;
    }
}

/// <summary>What a <see cref="Poller"/> waits for at a descriptor; errors it reports always.</summary>
[Flags]
public enum Interest : byte
{
    None = 0,
    Read = 1,
    Write = 2,
}

/// <summary>One descriptor at which something can be done.</summary>
/// <param name="Key">As it was given.</param>
/// <param name="CanRead">Something is there, be it an end or an error.</param>
/// <param name="CanWrite">There is room again.</param>
public readonly record struct Readiness(ulong Key, bool CanRead, bool CanWrite);
