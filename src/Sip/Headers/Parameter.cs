using System.Text;

namespace Portunus.Sip;

/// <summary>
/// One parameter: a name, and for most a value (generic-param, auth-param and uri-parameter of RFC 3261 §25.1).
/// </summary>
/// <param name="Name">A token; compared without regard to case.</param>
/// <param name="Value">Unescaped; null when the name stands alone.</param>
/// <param name="Quoted">Whether it is written as a quoted-string.</param>
public readonly record struct Parameter(string Name, string? Value = null, bool Quoted = false)
{
    public bool Is(string name) => Name.Equals(name, StringComparison.OrdinalIgnoreCase);

    public override string ToString()
    {
        var text = new StringBuilder();
        AppendTo(text);
        return text.ToString();
    }

    internal void AppendTo(StringBuilder text)
    {
        text.Append(Name);
        if (Value is null) return;
        text.Append('=');
        if (Quoted) Scanner.AppendQuoted(text, Value);
        else text.Append(Value);
    }
}
