namespace Portunus.Sip;

/// <summary>
/// A request or a response (RFC 3261 §7) over its own bytes: headers nobody touched are written as they were read, in
/// their order, byte for byte.
/// </summary>
/// <remarks>
/// It has one owner and is changed in place; who hands one on and goes on editing gives a <see cref="Copy"/> away, which
/// shares the bytes. Views (<see cref="From"/>, <see cref="TopVia"/>, ...) are read each time they are asked for, and are null
/// when the header is missing or malformed: what a stranger is owed for that, <see cref="MessageCheck"/> says.
/// </remarks>
public sealed partial class SipMessage
{
    readonly List<Header> _headers;
    string _method = "";
    string _uriText = "";
    SipUri? _uri;

    /// <summary>As it was read, for writing; empty when it was made or changed here.</summary>
    ReadOnlyMemory<byte> _startLine;

    SipMessage(List<Header> headers) => _headers = headers;

    public bool IsRequest => Status == 0;

    public bool IsResponse => Status != 0;

    /// <summary>Of a request its own; of a response that of its CSeq, empty when that cannot be read.</summary>
    public string Method => IsRequest ? _method : CSeq?.Method ?? "";

    /// <summary>Null in a response, and when the text is no URI. Setting it replaces the text.</summary>
    public SipUri? RequestUri
    {
        get => _uri;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            (_uri, _uriText, _startLine) = (value, value.ToString(), default);
        }
    }

    /// <summary>The Request-URI as it stands; empty in a response.</summary>
    public string RequestUriText => _uriText;

    /// <summary>100 to 699; 0 in a request.</summary>
    public int Status { get; private init; }

    /// <summary>The reason phrase; empty in a request, and may be in a response.</summary>
    public string Reason { get; private init; } = "";

    /// <summary>As it stands in the start line; <c>SIP/2.0</c> unless from elsewhere.</summary>
    public string Version { get; private init; } = "SIP/2.0";

    /// <summary>What is wrong with its frame, if it could be held all the same: it can be answered 400, not understood.</summary>
    internal string? Flaw { get; private init; }

    /// <summary>In order, as they will be written.</summary>
    public IReadOnlyList<Header> Headers => _headers;

    /// <summary>What follows the empty line, no further than Content-Length says.</summary>
    public ReadOnlyMemory<byte> Body { get; private set; }

    /// <summary>
    /// Bytes after the end that Content-Length gives; negative when as many are missing; 0 when it fits or is absent.
    /// </summary>
    public int Surplus { get; private init; }

    /// <summary>Bytes as it was read; 0 when it was made here.</summary>
    public int Length { get; private set; }

    /// <summary>This again, to be changed apart from it.</summary>
    public SipMessage Copy() => new([.. _headers])
    {
        _method = _method,
        _uri = _uri,
        _uriText = _uriText,
        _startLine = _startLine,
        Status = Status,
        Reason = Reason,
        Version = Version,
        Flaw = Flaw,
        Body = Body,
        Surplus = Surplus,
        Length = Length,
    };

    /// <summary>Start line only: headers hold credentials, bodies hold what people say.</summary>
    public override string ToString() => IsRequest ? $"{_method} {_uriText}" : $"{Status} {Reason}";
}
