namespace Portunus.Nodes.Relay;

/// <summary>On what a TURN node's sockets stand.</summary>
public enum DataPath : byte
{
    /// <summary><see cref="Linux"/> where the system has it, else <see cref="Portable"/>.</summary>
    Auto,

    /// <summary>System.Net.Sockets, on every system.</summary>
    Portable,

    /// <summary>epoll and batches of datagrams: Linux on x64 and arm64.</summary>
    Linux,
}
