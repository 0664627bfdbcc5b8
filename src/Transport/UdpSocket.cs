using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>A bound UDP socket of Linux: batches of datagrams in and out, never a wait, errors as values. For one thread.</summary>
public sealed partial class UdpSocket : IDisposable
{
    readonly bool _isLent;
    bool _forbidsFragments;

    UdpSocket(int descriptor, in TransportAddress local, bool isLent = false) =>
        (Descriptor, Local, _isLent) = (descriptor, local, isLent);

    /// <summary>For a poller.</summary>
    public int Descriptor { get; }

    /// <summary>The address and the port that the system gave.</summary>
    public TransportAddress Local { get; }

    public bool IsClosed { get; private set; }

    /// <summary>A socket that another made, allows fragments, and closes after this was disposed of.</summary>
    public static UdpSocket Borrow(int descriptor, in TransportAddress local) => new(descriptor, local, isLent: true);

    public void Dispose()
    {
        if (IsClosed) return;
        IsClosed = true;
        if (!_isLent) Libc.Close(Descriptor);
    }
}
