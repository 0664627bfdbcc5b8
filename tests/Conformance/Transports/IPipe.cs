using System.Net;

namespace Portunus.Tests.Conformance.Transports;

/// <summary>One way to the server: whole messages out and in, over a five-tuple of its own. One thread uses it.</summary>
interface IPipe : IDisposable
{
    /// <summary>Where the client is, as it sees itself.</summary>
    IPEndPoint Local { get; }

    /// <summary>Whether messages follow each other without bounds of their own.</summary>
    bool IsStream { get; }

    /// <summary>Sends one datagram, or these bytes of the stream.</summary>
    void Send(ReadOnlySpan<byte> bytes);

    /// <summary>The next message as it came, of a stream with its padding; null if none came in time, or the stream has ended.</summary>
    byte[]? Receive(TimeSpan patience);
}
