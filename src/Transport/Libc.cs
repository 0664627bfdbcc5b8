using System.Runtime.InteropServices;

namespace Portunus.Transport;

/// <summary>The calls of the system's C library that the Linux data path makes, by their own names.</summary>
/// <remarks>
/// Every one sets errno, which must be read before the runtime makes a call of its own: hence SetLastError, which is off unless asked
/// for. None suppresses the transition of the garbage collector: each may take microseconds, and a collection would wait for it.
/// Only numbers and pointers pass, so nothing is marshalled. The names behind the constants are those of the kernel's headers; the
/// values are the same on x64 and arm64.
/// </remarks>
static unsafe partial class Libc
{
    public const int AfInet = 2;
    public const int AfInet6 = 10;
    public const int SockDgram = 2;

    // Given when a descriptor is made, so that no call waits, and no program that this process starts inherits it.
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;

    public const int SolSocket = 1;
    public const int SoReceiveBuffer = 8;
    public const int IpProtoIp = 0;
    public const int IpMtuDiscover = 10;
    public const int IpReceiveErrors = 11;
    public const int IpProtoIpv6 = 41;
    public const int Ipv6MtuDiscover = 23;
    public const int Ipv6ReceiveErrors = 25;
    public const int Ipv6Only = 26;
    public const int PmtuDiscDont = 0;
    public const int PmtuDiscProbe = 3;

    public const int SolTcp = 6;
    public const int TcpNoDelay = 1;
    public const int TcpUserTimeout = 18;
    public const int TcpNotSentLowWater = 25;

    public const int MsgDontWait = 0x40;
    public const int MsgErrorQueue = 0x2000;

    // struct cmsghdr before each piece of control data, and struct sock_extended_err.
    public const int ControlHeaderLength = 16;
    public const int ExtendedErrorLength = 16;

    // A peer that closed its end is an error to be returned, not a signal that ends the process.
    public const int MsgNoSignal = 0x4000;

    public const int ShutBoth = 2;

    public const int EpollAdd = 1;
    public const int EpollDelete = 2;
    public const int EpollModify = 3;
    public const uint EpollIn = 0x1;
    public const uint EpollOut = 0x4;
    public const uint EpollError = 0x8;
    public const uint EpollHangUp = 0x10;

    const string Name = "libc";

    [LibraryImport(Name, EntryPoint = "socket", SetLastError = true)]
    public static partial int Socket(int domain, int type, int protocol);

    [LibraryImport(Name, EntryPoint = "bind", SetLastError = true)]
    public static partial int Bind(int descriptor, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "getsockname", SetLastError = true)]
    public static partial int GetSocketName(int descriptor, byte* address, uint* length);

    [LibraryImport(Name, EntryPoint = "setsockopt", SetLastError = true)]
    public static partial int SetSocketOption(int descriptor, int level, int name, int* value, uint length);

    /// <returns>The descriptor of a connection; -1 when none waits.</returns>
    [LibraryImport(Name, EntryPoint = "accept4", SetLastError = true)]
    public static partial int Accept(int descriptor, byte* address, uint* length, int flags);

    /// <returns>How many bytes, 0 at the end of a stream; or -1.</returns>
    [LibraryImport(Name, EntryPoint = "recv", SetLastError = true)]
    public static partial nint Receive(int descriptor, void* buffer, nuint count, int flags);

    /// <returns>How many bytes; or -1.</returns>
    [LibraryImport(Name, EntryPoint = "send", SetLastError = true)]
    public static partial nint Send(int descriptor, void* buffer, nuint count, int flags);

    [LibraryImport(Name, EntryPoint = "shutdown", SetLastError = true)]
    public static partial int ShutDown(int descriptor, int how);

    [LibraryImport(Name, EntryPoint = "close", SetLastError = true)]
    public static partial int Close(int descriptor);

    /// <returns>How many messages were received, at least one; or -1.</returns>
    [LibraryImport(Name, EntryPoint = "recvmmsg", SetLastError = true)]
    public static partial int ReceiveMessages(int descriptor, BatchHeader* messages, uint count, int flags, void* timeout);

    /// <returns>How many messages were sent; -1 when the first was refused.</returns>
    [LibraryImport(Name, EntryPoint = "sendmmsg", SetLastError = true)]
    public static partial int SendMessages(int descriptor, BatchHeader* messages, uint count, int flags);

    /// <returns>How many bytes; or -1.</returns>
    [LibraryImport(Name, EntryPoint = "recvmsg", SetLastError = true)]
    public static partial nint ReceiveMessage(int descriptor, MessageHeader* message, int flags);

    /// <returns>How many bytes; or -1.</returns>
    [LibraryImport(Name, EntryPoint = "sendmsg", SetLastError = true)]
    public static partial nint SendMessage(int descriptor, MessageHeader* message, int flags);

    [LibraryImport(Name, EntryPoint = "epoll_create1", SetLastError = true)]
    public static partial int EpollCreate(int flags);

    [LibraryImport(Name, EntryPoint = "epoll_ctl", SetLastError = true)]
    public static partial int EpollControl(int poller, int operation, int descriptor, byte* epollEvent);

    [LibraryImport(Name, EntryPoint = "epoll_wait", SetLastError = true)]
    public static partial int EpollWait(int poller, byte* events, int most, int milliseconds);

    [LibraryImport(Name, EntryPoint = "eventfd", SetLastError = true)]
    public static partial int EventDescriptor(uint initial, int flags);

    [LibraryImport(Name, EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, void* buffer, nuint count);

    [LibraryImport(Name, EntryPoint = "write", SetLastError = true)]
    public static partial nint Write(int descriptor, void* buffer, nuint count);

    /// <summary>struct iovec: one run of bytes.</summary>
    public struct Vector
    {
        public byte* Base;
        public nuint Length;
    }

    /// <summary>struct msghdr as glibc has it on 64 bits; musl's halves of the two lengths lie alike in little-endian order.</summary>
    public struct MessageHeader
    {
        public byte* Name;
        public uint NameLength;
        public Vector* Vectors;
        public nuint VectorCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }

    /// <summary>struct mmsghdr: one message of a batch, and how many bytes it had.</summary>
    public struct BatchHeader
    {
        public MessageHeader Message;
        public uint Length;
    }
}
