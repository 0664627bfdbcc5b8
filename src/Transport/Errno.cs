using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace Portunus.Transport;

/// <summary>The error numbers of Linux as the values that the rest of the program knows.</summary>
static class Errno
{
    public const int Interrupted = 4;
    public const int Again = 11;
    public const int NotImplemented = 38;
    public const int MessageSize = 90;

    /// <summary>Of the last call that this thread made into <see cref="Libc"/>.</summary>
    public static int Last => Marshal.GetLastPInvokeError();

    /// <summary>That of the last call, translated.</summary>
    public static SocketError LastError => Translate(Last);

    /// <summary>What asm-generic/errno.h calls by these numbers; what is not listed is <see cref="SocketError.SocketError"/>.</summary>
    public static SocketError Translate(int number) => number switch
    {
        0 => SocketError.Success,
        1 or 13 => SocketError.AccessDenied, // EPERM is how a firewall refuses.
        Interrupted => SocketError.Interrupted,
        9 => SocketError.OperationAborted, // EBADF: closed.
        Again => SocketError.WouldBlock,
        12 or 105 => SocketError.NoBufferSpaceAvailable,
        22 => SocketError.InvalidArgument,
        23 or 24 => SocketError.TooManyOpenSockets,
        32 => SocketError.Shutdown,
        NotImplemented or 95 => SocketError.OperationNotSupported,
        MessageSize => SocketError.MessageSize,
        92 => SocketError.ProtocolOption,
        93 => SocketError.ProtocolNotSupported,
        97 => SocketError.AddressFamilyNotSupported,
        98 => SocketError.AddressAlreadyInUse,
        99 => SocketError.AddressNotAvailable,
        100 => SocketError.NetworkDown,
        101 => SocketError.NetworkUnreachable,
        103 => SocketError.ConnectionAborted,
        104 => SocketError.ConnectionReset,
        107 => SocketError.NotConnected,
        110 => SocketError.TimedOut,
        111 => SocketError.ConnectionRefused,
        112 => SocketError.HostDown,
        113 => SocketError.HostUnreachable,
        115 => SocketError.InProgress,
        _ => SocketError.SocketError,
    };
}
