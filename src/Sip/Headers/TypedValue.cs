using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portunus.Sip;

/// <summary>
/// Words before parameters: <c>type *(COMMA type) *(SEMI param)</c>. The shape of Event, Content-Type, Subscription-State,
/// Session-Expires, Reason, and of headers that are ours.
/// </summary>
/// <param name="types">At least one; tokens, which may hold a slash.</param>
/// <param name="parameters">Those after the last type.</param>
public sealed class TypedValue(IReadOnlyList<string> types, Parameters parameters) : IHeaderValue
{
    public TypedValue(string type, Parameters? parameters = null) : this([type], parameters ?? Parameters.None)
    {
    }

    public IReadOnlyList<string> Types { get; } = types;

    public string Type => Types[0];

    public Parameters Parameters { get; } = parameters;

    public bool Has(string type) => Types.Contains(type, StringComparer.OrdinalIgnoreCase);

    public static bool TryParse(string? text, [NotNullWhen(true)] out TypedValue? value)
    {
        value = null;
        return text is not null && TryParse(Encoding.UTF8.GetBytes(text), out value);
    }

    public static bool TryParse(ReadOnlySpan<byte> text, [NotNullWhen(true)] out TypedValue? value)
    {
        value = null;
        var scanner = new Scanner(text);
        var types = new List<string>(1);
        do
        {
            scanner.SkipSpace();
            if (!TryType(ref scanner, out var type)) return false;
            types.Add(type);
        }
        while (scanner.TrySeparator((byte)','));

        if (!ParameterScanner.TryReadTail(ref scanner, out var parameters)) return false;
        value = new(types, parameters);
        return true;
    }

    public string ToHeaderText() => string.Join(", ", Types) + Parameters;

    /// <summary>Without the parameters: in a header of ours they are a credential.</summary>
    public override string ToString() => string.Join(", ", Types);

    // token [ SLASH token ]
    static bool TryType(ref Scanner scanner, out string type)
    {
        type = "";
        if (!scanner.TryToken(out var first)) return false;
        type = Grammar.Text(first);
        if (!scanner.TrySeparator((byte)'/')) return true;
        if (!scanner.TryToken(out var second)) return false;
        type = $"{type}/{Grammar.Text(second)}";
        return true;
    }
}
