using System.Runtime.InteropServices;

namespace Portunus.Transport;

// What connections with peers need beside those of clients.
static unsafe partial class Libc
{
    public const int SockStream = 1;
    public const int SoReuseAddress = 2;
    public const int SoError = 4;
    public const int SoKeepAlive = 9;
    public const int SoLinger = 13;
    public const int SoReusePort = 15;
    public const int TcpKeepIdle = 4;
    public const int TcpKeepInterval = 5;
    public const int ShutWrite = 1;

    [LibraryImport(Name, EntryPoint = "listen", SetLastError = true)]
    public static partial int Listen(int descriptor, int backlog);

    [LibraryImport(Name, EntryPoint = "connect", SetLastError = true)]
    public static partial int Connect(int descriptor, byte* address, uint length);

    [LibraryImport(Name, EntryPoint = "getsockopt", SetLastError = true)]
    public static partial int GetSocketOption(int descriptor, int level, int name, int* value, uint* length);
}
