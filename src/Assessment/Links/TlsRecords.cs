using System.Buffers.Binary;

namespace Portunus.Assessment.Links;

/// <summary>The records of one direction of a TLS connection, from pieces of any size.</summary>
sealed class TlsRecords
{
    const int HeaderSize = 5;

    /// <summary>RFC 8446 §4.1.3: the header of the message, version, random, and the length of the session's identifier.</summary>
    const int SessionIdAt = 4 + 2 + 32;

    /// <summary>With the longest identifier.</summary>
    const int HelloSize = SessionIdAt + 1 + 32 + 2;

    readonly byte[] _header = new byte[HeaderSize];
    readonly byte[] _hello = new byte[HelloSize];
    int _headerLength;
    int _helloLength;
    int _left;

    /// <summary>Of the record that began last.</summary>
    public byte Type => _header[0];

    /// <summary>Of its content as it is sent.</summary>
    public int Length { get; private set; }

    /// <summary>Whether the record that began last counts as handshake; the reader's note.</summary>
    public bool IsHandshake { get; set; }

    /// <summary>Bytes of a header that is not complete; the reader's note.</summary>
    public int Uncounted { get; set; }

    /// <summary>A header has begun and is not complete.</summary>
    public bool IsInHeader => _headerLength is > 0 and < HeaderSize;

    /// <summary>The two bytes that follow the session's identifier of the first message, as soon as they are there: in a ServerHello the
    /// cipher suite.</summary>
    public int? CipherSuite =>
        _helloLength > SessionIdAt && _helloLength >= SessionIdAt + 1 + _hello[SessionIdAt] + 2
            ? BinaryPrimitives.ReadUInt16BigEndian(_hello.AsSpan(SessionIdAt + 1 + _hello[SessionIdAt]))
            : null;

    /// <summary>Takes the rest of a header, or some of a content; never both.</summary>
    /// <param name="bytes">Not empty.</param>
    /// <param name="isBegun">A header is complete with this.</param>
    /// <returns>Bytes taken.</returns>
    public int Take(ReadOnlySpan<byte> bytes, out bool isBegun)
    {
        isBegun = false;
        if (_left > 0)
        {
            var content = bytes[..Math.Min(_left, bytes.Length)];
            var hello = content[..Math.Min(content.Length, HelloSize - _helloLength)];
            hello.CopyTo(_hello.AsSpan(_helloLength));
            _helloLength += hello.Length;
            _left -= content.Length;
            return content.Length;
        }

        if (_headerLength == HeaderSize) _headerLength = 0;
        var header = bytes[..Math.Min(HeaderSize - _headerLength, bytes.Length)];
        header.CopyTo(_header.AsSpan(_headerLength));
        _headerLength += header.Length;
        isBegun = _headerLength == HeaderSize;
        if (isBegun) _left = Length = BinaryPrimitives.ReadUInt16BigEndian(_header.AsSpan(3));
        return header.Length;
    }
}
