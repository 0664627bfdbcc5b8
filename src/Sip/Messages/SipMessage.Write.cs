using System.Buffers;
using System.Text;

namespace Portunus.Sip;

public sealed partial class SipMessage
{
    /// <summary>Writes the whole message.</summary>
    public void WriteTo(IBufferWriter<byte> writer)
    {
        if (!_startLine.IsEmpty) writer.Write(_startLine.Span);
        else Encoding.UTF8.GetBytes(IsRequest ? $"{_method} {_uriText} {Version}" : $"{Version} {Status} {Reason}", writer);
        writer.Write("\r\n"u8);
        foreach (var header in _headers) header.WriteTo(writer);
        writer.Write("\r\n"u8);
        writer.Write(Body.Span);
    }

    public byte[] ToBytes()
    {
        var writer = new ArrayBufferWriter<byte>(1024);
        WriteTo(writer);
        return writer.WrittenSpan.ToArray();
    }
}
