using Portunus.Assessment.Links;
using Portunus.Assessment.Systems;
using Portunus.Sip;
using Portunus.Stun;

namespace Portunus.Assessment.Architecture;

/// <summary>
/// Looks at what passes: names of headers and methods of SIP on W2 and Mw, types of attributes of STUN, and between whom in which
/// protocol anything passed at all. For many threads.
/// </summary>
sealed class WireWatch
{
    readonly StudySystem _system;
    readonly Lock _gate = new();
    readonly SortedSet<string> _headers = new(StringComparer.OrdinalIgnoreCase);
    readonly SortedSet<string> _methods = new(StringComparer.Ordinal);
    readonly SortedSet<string> _attributes = new(StringComparer.Ordinal);

    public WireWatch(StudySystem system)
    {
        _system = system;
        system.Stun.OnDatagram = (datagram, _) => OnStun(datagram.Span);
        system.Mw.OnDatagram = (datagram, _) => OnSip(datagram.Span);
        system.MwBack.OnDatagram = (datagram, _) => OnSip(datagram.Span);
    }

    public IReadOnlyCollection<string> Headers => Copy(_headers);

    public IReadOnlyCollection<string> Methods => Copy(_methods);

    public IReadOnlyCollection<string> Attributes => Copy(_attributes);

    /// <summary>Links that carried something since the system began, which is when a TURN server fetches its keys; and how many
    /// messages or, of streams, TLS records.</summary>
    public IReadOnlyList<(EmulatedLink Link, long Messages)> Busy =>
    [
        .. _system.Links.Select(link => (Link: link, Counts: link.Snapshot()))
            .Where(one => one.Counts.BytesUp > 0)
            .Select(one => (one.Link, one.Counts.MessagesUp + one.Counts.MessagesDown + one.Counts.RecordsUp + one.Counts.RecordsDown)),
    ];

    /// <summary>A SIP message of W2 or Mw.</summary>
    public void OnSip(ReadOnlySpan<byte> bytes)
    {
        if (!SipMessage.TryParse(bytes, out var message, out _)) return;
        lock (_gate)
        {
            if (message.IsRequest) _methods.Add(message.Method);
            foreach (var header in message.Headers) _headers.Add(header.Name.Text);
        }
    }

    void OnStun(ReadOnlySpan<byte> bytes)
    {
        if (!StunMessage.TryParse(bytes, out var message, out _)) return;
        lock (_gate)
            foreach (var attribute in message) _attributes.Add($"{attribute.Type}");
    }

    IReadOnlyCollection<string> Copy(SortedSet<string> set)
    {
        lock (_gate) return [.. set];
    }
}
