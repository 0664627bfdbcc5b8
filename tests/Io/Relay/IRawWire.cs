using System.Net.Sockets;

namespace Portunus.Tests.Io.Relay;

/// <summary>What a test's client speaks over, where that is not plain UDP.</summary>
public interface IRawWire : IDisposable
{
    Socket Socket { get; }

    /// <summary>Whether messages follow each other in a stream, and none is lost.</summary>
    bool IsStream { get; }

    /// <summary>Whether the other side has closed it.</summary>
    bool HasEnded { get; }

    /// <summary>Whether it reads what comes; one piece may have been read already.</summary>
    void Listen(bool reads);

    void Write(ReadOnlySpan<byte> message);

    /// <summary>The next message; null when none comes in time, or ever.</summary>
    byte[]? Receive(TimeSpan patience);
}
