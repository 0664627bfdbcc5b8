namespace Portunus.Sip;

public sealed partial class SipMessage
{
    public bool Has(HeaderName name) => Find(name) >= 0;

    public int Count(HeaderName name) => _headers.Count(h => h.Name == name);

    /// <summary>The first line of that name whole, commas and all; null when there is none.</summary>
    public string? Get(HeaderName name) => Find(name) is var at and >= 0 ? _headers[at].Text : null;

    /// <summary>Each value of that name, whether they share a line or not (RFC 3261 §7.3.1); empty ones are left out.</summary>
    public IReadOnlyList<string> GetAll(HeaderName name)
    {
        List<string>? values = null;
        foreach (var header in _headers)
        {
            if (header.Name != name) continue;
            if (header.Name.IsSingle)
            {
                (values ??= []).Add(header.Text);
                continue;
            }

            foreach (var value in header.Values)
                if (!value.IsEmpty) (values ??= []).Add(Grammar.Text(value));
        }

        return values is null ? [] : values;
    }

    /// <summary>Whether one of the values is this token: an option tag in Supported, a method in Allow.</summary>
    public bool HasToken(HeaderName name, string token) => GetAll(name).Contains(token, StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// Each value read by <paramref name="reader"/>; false when one could not be read, and the list then ends before it.
    /// </summary>
    public bool TryReadAll<T>(HeaderName name, ValueReader<T> reader, out IReadOnlyList<T> values)
    {
        List<T>? list = null;
        var good = true;
        foreach (var header in _headers)
        {
            if (header.Name != name) continue;
            foreach (var text in header.Values)
            {
                if (good && reader(text, out var value)) (list ??= []).Add(value!);
                else good = false;
            }
        }

        values = list is null ? [] : list;
        return good;
    }

    /// <summary>The first value read by <paramref name="reader"/>; default when there is none or it is malformed.</summary>
    public T? Read<T>(HeaderName name, ValueReader<T> reader)
    {
        var at = Find(name);
        if (at < 0) return default;
        if (name.IsSingle) return reader(_headers[at].Value, out var single) ? single : default;
        var values = _headers[at].Values;
        return values.MoveNext() && reader(values.Current, out var value) ? value : default;
    }

    public Via? TopVia => Read<Via>(HeaderName.Via, Via.TryParse);

    public IReadOnlyList<Via> Vias => All<Via>(HeaderName.Via, Via.TryParse);

    public NameAddress? From => Address(HeaderName.From);

    public NameAddress? To => Address(HeaderName.To);

    public string? CallId => Get(HeaderName.CallId);

    public CSeq? CSeq =>
        Find(HeaderName.CSeq) is var at and >= 0 && Sip.CSeq.TryParse(_headers[at].Value, out var cseq) ? cseq : null;

    /// <summary>Those that are addresses; <see cref="HasWildcardContact"/> tells of the other kind.</summary>
    public IReadOnlyList<NameAddress> Contacts => HasWildcardContact ? [] : Addresses(HeaderName.Contact);

    /// <summary><c>Contact: *</c>: all bindings are meant (§10.2.2).</summary>
    public bool HasWildcardContact => Get(HeaderName.Contact) == "*";

    public IReadOnlyList<NameAddress> Routes => Addresses(HeaderName.Route);

    public NameAddress? TopRoute => Address(HeaderName.Route);

    public IReadOnlyList<NameAddress> RecordRoutes => Addresses(HeaderName.RecordRoute);

    public IReadOnlyList<NameAddress> Paths => Addresses(HeaderName.Path);

    public IReadOnlyList<NameAddress> ServiceRoutes => Addresses(HeaderName.ServiceRoute);

    /// <summary>In hops; null when missing or no number.</summary>
    public uint? MaxForwards => Number(HeaderName.MaxForwards);

    /// <summary>In seconds; null when missing or no number up to 2^32-1.</summary>
    public uint? Expires => Number(HeaderName.Expires);

    public uint? Number(HeaderName name) =>
        Find(name) is var at and >= 0 && Grammar.TryNumber(_headers[at].Value, uint.MaxValue, out var value) ? value : null;

    /// <summary>The first address of that name; null when there is none or it is malformed.</summary>
    public NameAddress? Address(HeaderName name) => Read<NameAddress>(name, NameAddress.TryParse);

    /// <summary>All addresses of that name up to the first malformed one.</summary>
    public IReadOnlyList<NameAddress> Addresses(HeaderName name) => All<NameAddress>(name, NameAddress.TryParse);

    IReadOnlyList<T> All<T>(HeaderName name, ValueReader<T> reader)
    {
        TryReadAll(name, reader, out var values);
        return values;
    }

    int Find(HeaderName name)
    {
        for (var i = 0; i < _headers.Count; i++)
            if (_headers[i].Name == name) return i;
        return -1;
    }
}
