using Portunus.Bedrock;
using Portunus.Transport.Tls;

namespace Portunus.Tests.Io.Transport;

/// <summary>
/// The stream of a client whose server is a <see cref="TlsSession"/> in the same thread: what is written is taken in at once, and what is
/// read is what waits to go out. A read where nothing waits is the end of the stream, so nothing hangs.
/// </summary>
/// <param name="server">Sends every plain byte back.</param>
sealed class ServedStream(TlsSession server) : Stream
{
    readonly byte[] _plain = new byte[SecureSession.MostRecord];

    public List<byte> Received { get; } = [];

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(Span<byte> buffer)
    {
        var count = Math.Min(buffer.Length, server.OutgoingLength);
        server.Outgoing[..count].CopyTo(buffer);
        server.Sent(count);
        return count;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (server.Read(ref buffer, _plain) is var n and > 0)
        {
            Received.AddRange(_plain.AsSpan(0, n));
            Assert.True(server.TryWrite(_plain.AsSpan(0, n)));
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    /// <summary>The moment at which the tests begin.</summary>
    public static Instant Start => Instant.FromUnixSeconds(1_700_000_000);
}
