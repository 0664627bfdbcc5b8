namespace Portunus.Sip;

/// <summary>Reads <c>name[=token|host|quoted-string]</c>, alone or in a row: the one scanner of parameters.</summary>
public static class ParameterScanner
{
    /// <summary>Reads one parameter; false when there is none or its value is missing or never closed.</summary>
    public static bool TryRead(ref Scanner scanner, out Parameter parameter)
    {
        parameter = default;
        if (!scanner.TryToken(out var name)) return false;
        var text = Grammar.Text(name);
        if (!scanner.TrySeparator((byte)'='))
        {
            parameter = new(text);
            return true;
        }

        if (scanner.TryQuoted(out var quoted))
            parameter = new(text, Scanner.Unescape(quoted), Quoted: true);
        else if (scanner.TryRun(Grammar.ValueChars, out var value))
            parameter = new(text, Grammar.Text(value));
        else
            return false;
        return true;
    }

    /// <summary>Reads <c>*(SEMI parameter)</c> to the end; false when anything else stands there.</summary>
    public static bool TryReadTail(ref Scanner scanner, out Parameters parameters)
    {
        parameters = Parameters.None;
        List<Parameter>? list = null;
        while (scanner.TrySeparator((byte)';'))
        {
            if (!TryRead(ref scanner, out var parameter) || !TryAdd(list ??= [], parameter)) return false;
        }

        scanner.SkipSpace();
        if (list is not null) parameters = new(list);
        return scanner.AtEnd;
    }

    /// <summary>
    /// Reads <c>parameter *(COMMA parameter)</c> to the end of the text, as credentials and challenges have them.
    /// </summary>
    public static bool TryReadList(ref Scanner scanner, out Parameters parameters)
    {
        parameters = Parameters.None;
        var list = new List<Parameter>();
        do
        {
            scanner.SkipSpace();
            if (!TryRead(ref scanner, out var parameter) || !TryAdd(list, parameter)) return false;
        }
        while (scanner.TrySeparator((byte)','));

        scanner.SkipSpace();
        parameters = new(list);
        return scanner.AtEnd;
    }

    /// <summary>
    /// False when there are too many. A name MUST NOT appear more than once (RFC 3261 §7.3.1, §19.1.1): the first counts, and
    /// others are not handed on, so that nobody behind us reads another.
    /// </summary>
    internal static bool TryAdd(List<Parameter> list, in Parameter parameter)
    {
        if (list.Count == SipLimits.Parameters) return false;
        foreach (var one in list)
            if (one.Is(parameter.Name)) return true;
        list.Add(parameter);
        return true;
    }
}
