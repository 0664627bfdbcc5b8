using System.Net.Sockets;

namespace Portunus.Transport;

/// <summary>eventfd: any thread ends the wait of a <see cref="Poller"/> that looks at it.</summary>
public sealed unsafe class WakeUp : IDisposable
{
    bool _isClosed;

    WakeUp(int descriptor) => Descriptor = descriptor;

    /// <summary>For the poller; readable from <see cref="Signal"/> to <see cref="Clear"/>.</summary>
    public int Descriptor { get; }

    /// <summary>Null when no descriptor is left, or the system refuses them at all.</summary>
    public static WakeUp? TryOpen(out SocketError error)
    {
        var descriptor = Libc.EventDescriptor(0, Libc.NonBlocking | Libc.CloseOnExec);
        error = descriptor < 0 ? Errno.LastError : SocketError.Success;
        return descriptor < 0 ? null : new(descriptor);
    }

    /// <summary>By any thread, but not after <see cref="Dispose"/>: the number may be another's by then.</summary>
    public void Signal()
    {
        // It fails only where the count would overflow, and then the waiting one is awake.
        ulong one = 1;
        Libc.Write(Descriptor, &one, sizeof(ulong));
    }

    public void Clear()
    {
        ulong count;
        Libc.Read(Descriptor, &count, sizeof(ulong));
    }

    public void Dispose()
    {
        if (_isClosed) return;
        _isClosed = true;
        Libc.Close(Descriptor);
    }
}
