using System.Globalization;

namespace Portunus.Sip;

public sealed partial class SipMessage
{
    /// <summary>Puts a line before all others of its name: how a hop adds its Via, Record-Route, Path or Route.</summary>
    /// <exception cref="ArgumentException">The value holds a line break.</exception>
    public void Insert(HeaderName name, string value)
    {
        var at = Find(name);
        // The first of its name: after the Via lines (§7.3.1 recommends the top for what proxies need).
        if (at < 0) at = name == HeaderName.Via ? 0 : _headers.FindIndex(h => h.Name != HeaderName.Via);
        _headers.Insert(at < 0 ? End : at, Header.Of(name, value));
    }

    public void Insert(HeaderName name, IHeaderValue value) => Insert(name, value.ToHeaderText());

    /// <summary>Puts a line after all others of its name, or at the end.</summary>
    /// <exception cref="ArgumentException">The value holds a line break.</exception>
    public void Add(HeaderName name, string value)
    {
        var last = _headers.FindLastIndex(h => h.Name == name);
        _headers.Insert(last < 0 ? End : last + 1, Header.Of(name, value));
    }

    public void Add(HeaderName name, IHeaderValue value) => Add(name, value.ToHeaderText());

    /// <summary>Leaves exactly one line of that name: where the first stood, or at the end.</summary>
    /// <exception cref="ArgumentException">The value holds a line break.</exception>
    public void Set(HeaderName name, string value)
    {
        var at = Find(name);
        if (at < 0)
        {
            _headers.Insert(End, Header.Of(name, value));
            return;
        }

        _headers[at] = Header.Of(name, value);
        for (var i = _headers.Count - 1; i > at; i--)
            if (_headers[i].Name == name) _headers.RemoveAt(i);
    }

    public void Set(HeaderName name, IHeaderValue value) => Set(name, value.ToHeaderText());

    /// <summary>Takes away every line of that name; how many there were.</summary>
    public int Remove(HeaderName name) => _headers.RemoveAll(h => h.Name == name);

    /// <summary>Takes away every line that <paramref name="match"/> names; how many there were.</summary>
    public int RemoveWhere(Predicate<Header> match) => _headers.RemoveAll(match);

    /// <summary>
    /// Takes away the first value, and leaves the others of its line: a response's top Via, a request's top Route.
    /// </summary>
    public bool RemoveFirst(HeaderName name) => ReplaceFirst(name, (string?)null);

    /// <summary>Puts <paramref name="value"/> where the first value stands; the others of its line stay.</summary>
    /// <exception cref="ArgumentException">The value holds a line break.</exception>
    public bool ReplaceFirst(HeaderName name, string? value)
    {
        var at = Find(name);
        if (at < 0) return false;
        var line = _headers[at].Value;
        var rest = "";
        if (!name.IsSingle)
        {
            var values = _headers[at].Values;
            values.MoveNext();
            if (values.Next < line.Length) rest = Grammar.Text(Grammar.Trim(line[values.Next..]));
        }

        var both = value is null ? rest : rest.Length == 0 ? value : $"{value}, {rest}";
        if (both.Length == 0) _headers.RemoveAt(at);
        else _headers[at] = Header.Of(name, both);
        return true;
    }

    public bool ReplaceFirst(HeaderName name, IHeaderValue value) => ReplaceFirst(name, value.ToHeaderText());

    /// <summary>Takes away one option tag from Supported, Require and their like, and the header with the last one.</summary>
    public void RemoveToken(HeaderName name, string token)
    {
        if (!HasToken(name, token)) return;
        var others = GetAll(name).Where(t => !t.Equals(token, StringComparison.OrdinalIgnoreCase)).ToArray();
        if (others.Length == 0) Remove(name);
        else Set(name, string.Join(", ", others));
    }

    /// <summary>Adds all lines of that name in <paramref name="source"/>, byte for byte.</summary>
    public void CopyFrom(SipMessage source, HeaderName name)
    {
        foreach (var header in source._headers)
            if (header.Name == name) _headers.Insert(End, header);
    }

    /// <summary>
    /// Where a new name goes: after all, but before a Content-Length that ends them, as people expect to read it.
    /// </summary>
    int End => _headers.Count > 0 && _headers[^1].Name == HeaderName.ContentLength ? _headers.Count - 1 : _headers.Count;

    /// <summary>Replaces the body; Content-Length follows, Content-Type too unless it is null.</summary>
    public void SetBody(string? contentType, ReadOnlyMemory<byte> body)
    {
        Body = body;
        if (contentType is null) Remove(HeaderName.ContentType);
        else Set(HeaderName.ContentType, contentType);
        SetContentLength();
    }

    /// <summary>Says how long the body is: owed to a stream transport when the message came without (RFC 7118 §5).</summary>
    public void SetContentLength() =>
        Set(HeaderName.ContentLength, Body.Length.ToString(CultureInfo.InvariantCulture));
}
