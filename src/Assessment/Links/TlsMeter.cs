namespace Portunus.Assessment.Links;

/// <summary>Tells a TLS handshake from what comes after it, by the headers of the records (RFC 8446 §5.1), which are not encrypted.
/// Nothing is decrypted. The rule:
/// <list type="bullet">
/// <item>A connection whose opener does not begin with a handshake record is plain: it has no handshake and no records.</item>
/// <item>The handshake is of TLS 1.3 if the ServerHello chose a cipher suite 0x13xx, otherwise of TLS 1.2.</item>
/// <item>TLS 1.2: the handshake ends before the first record of application data.</item>
/// <item>TLS 1.3: it ends with the opener's Finished, its first encrypted record of that length (RFC 8446 §4.4.4 and §5.2). An opener that
/// packs its Certificate and its Finished into one record has none of that length: then it ends with that flight, and application
/// data in it counts as handshake.</item>
/// <item>Its round trips are how often the opener sent, and then the other side.</item>
/// <item>Afterwards, application data records count, and how often the opener sent some and then the other side. Alerts do not:
/// by their type in TLS 1.2, by their length of two bytes in TLS 1.3. Session tickets cannot be told from data.</item>
/// </list></summary>
/// <param name="counter">Of the link.</param>
sealed class TlsMeter(LinkCounter counter)
{
    const byte HandshakeType = 22;
    const byte ApplicationData = 23;

    /// <summary>The byte of the content's type, and the tag of AES-GCM or ChaCha20-Poly1305.</summary>
    const int Overhead = 1 + 16;

    /// <summary>A Finished with SHA-256: the header of a handshake message and the hash.</summary>
    const int FinishedSha256 = 4 + 32 + Overhead;

    const int FinishedSha384 = 4 + 48 + Overhead;
    const int Alert = 2 + Overhead;

    readonly Lock _gate = new();
    readonly TlsRecords _up = new();
    readonly TlsRecords _down = new();
    Phase _phase = Phase.Unknown;
    bool _isTls13;
    bool _isEncryptedUp; // TLS 1.3: this flight of the opener has encrypted records.
    bool? _sentLast; // True when the opener did.

    enum Phase
    {
        Unknown,
        Plain,
        Handshake,
        Data,
    }

    /// <summary>Bytes that the opener (up) or the other side sent, in the order in which they pass the other side's door.</summary>
    public void Read(ReadOnlySpan<byte> bytes, bool isUp)
    {
        var found = new LinkCounts();
        lock (_gate)
        {
            if (_phase == Phase.Unknown && isUp) _phase = bytes[0] == HandshakeType ? Phase.Handshake : Phase.Plain;
            if (_phase is Phase.Unknown or Phase.Plain) found = Data(found, bytes.Length, isUp, isSent: true);
            else found = ReadRecords(found, bytes, isUp);
        }

        counter.Change(counts => counts with
        {
            HandshakeRoundTrips = counts.HandshakeRoundTrips + found.HandshakeRoundTrips,
            HandshakeBytes = counts.HandshakeBytes + found.HandshakeBytes,
            RecordsUp = counts.RecordsUp + found.RecordsUp,
            RecordsDown = counts.RecordsDown + found.RecordsDown,
            BytesUp = counts.BytesUp + found.BytesUp,
            BytesDown = counts.BytesDown + found.BytesDown,
            RoundTrips = counts.RoundTrips + found.RoundTrips,
        });
    }

    LinkCounts ReadRecords(LinkCounts found, ReadOnlySpan<byte> bytes, bool isUp)
    {
        if (!isUp && _isEncryptedUp && _phase == Phase.Handshake) BeginData();
        var records = isUp ? _up : _down;
        while (!bytes.IsEmpty)
        {
            var length = records.Take(bytes, out var isBegun);
            if (isBegun) found = Begin(found, records, isUp);
            bytes = bytes[length..];
            if (!isUp && records.CipherSuite is { } suite) _isTls13 = suite >> 8 == 0x13;
            // The header of a record is counted with what it turns out to be.
            var counted = isBegun ? length + records.Uncounted : records.IsInHeader ? 0 : length;
            records.Uncounted = records.IsInHeader ? records.Uncounted + length : 0;
            found = records.IsHandshake
                ? found with { HandshakeBytes = found.HandshakeBytes + counted }
                : Data(found, counted, isUp, isSent: false);
        }

        return found;
    }

    LinkCounts Begin(LinkCounts found, TlsRecords record, bool isUp)
    {
        var isApplication = record.Type == ApplicationData;
        if (_phase == Phase.Handshake && isApplication && !_isTls13) BeginData();
        record.IsHandshake = _phase == Phase.Handshake;
        if (_phase == Phase.Handshake)
        {
            if (!isUp && _sentLast == true) found = found with { HandshakeRoundTrips = found.HandshakeRoundTrips + 1 };
            _sentLast = isUp;
            _isEncryptedUp |= isUp && isApplication;
            if (isUp && isApplication && record.Length is FinishedSha256 or FinishedSha384) BeginData();
            return found;
        }

        if (!isApplication || (_isTls13 && record.Length == Alert)) return found;
        found = isUp ? found with { RecordsUp = found.RecordsUp + 1 } : found with { RecordsDown = found.RecordsDown + 1 };
        return Data(found, 0, isUp, isSent: true);
    }

    void BeginData() => (_phase, _sentLast) = (Phase.Data, null);

    LinkCounts Data(LinkCounts found, int length, bool isUp, bool isSent)
    {
        if (isSent && !isUp && _sentLast == true) found = found with { RoundTrips = found.RoundTrips + 1 };
        if (isSent) _sentLast = isUp;
        return isUp ? found with { BytesUp = found.BytesUp + length } : found with { BytesDown = found.BytesDown + length };
    }
}
