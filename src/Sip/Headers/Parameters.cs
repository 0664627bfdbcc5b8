using System.Collections;
using System.Runtime.CompilerServices;
using System.Text;

namespace Portunus.Sip;

/// <summary>An immutable row of parameters in the order they were written; what was read has each name once.</summary>
[CollectionBuilder(typeof(Parameters), nameof(Create))]
public sealed class Parameters : IReadOnlyList<Parameter>, IEquatable<Parameters>
{
    public static readonly Parameters None = new([]);

    readonly Parameter[] _list;

    public Parameters(IEnumerable<Parameter> list) => _list = [.. list];

    public int Count => _list.Length;

    public Parameter this[int index] => _list[index];

    /// <summary>The value of <paramref name="name"/>; null when it is absent or stands alone.</summary>
    public string? this[string name] => Find(name) is var at and >= 0 ? _list[at].Value : null;

    public static Parameters Create(ReadOnlySpan<Parameter> list) => list.IsEmpty ? None : new(list.ToArray());

    public bool Has(string name) => Find(name) >= 0;

    /// <summary>These with <paramref name="name"/> set where it stood, or appended.</summary>
    public Parameters With(string name, string? value = null, bool quoted = false)
    {
        var at = Find(name);
        var parameter = new Parameter(name, value, quoted);
        if (at < 0) return new([.. _list, parameter]);
        var copy = (Parameter[])_list.Clone();
        copy[at] = parameter;
        return new(copy);
    }

    /// <summary>These without any of that name; the same object when there was none.</summary>
    public Parameters Without(string name) => Has(name) ? new(_list.Where(p => !p.Is(name))) : this;

    /// <summary>Same parameters, same values, same order.</summary>
    public bool Equals(Parameters? other) => other is not null && _list.AsSpan().SequenceEqual(other._list);

    public override bool Equals(object? obj) => Equals(obj as Parameters);

    public override int GetHashCode() => _list.Length;

    public IEnumerator<Parameter> GetEnumerator() => ((IEnumerable<Parameter>)_list).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Each with a semicolon before it: <c>;tag=1;lr</c>.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    internal void AppendTo(StringBuilder text)
    {
        foreach (var parameter in _list)
        {
            text.Append(';');
            parameter.AppendTo(text);
        }
    }

    internal void AppendList(StringBuilder text)
    {
        for (var i = 0; i < _list.Length; i++)
        {
            if (i > 0) text.Append(", ");
            _list[i].AppendTo(text);
        }
    }

    int Find(string name) => Array.FindIndex(_list, p => p.Is(name));
}
