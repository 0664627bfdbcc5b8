namespace Portunus.Sip;

/// <summary>The number and method of a request within its dialog (RFC 3261 §20.16).</summary>
/// <param name="Number">Below 2^31 (§8.1.1.5).</param>
/// <param name="Method">Case-sensitive.</param>
public readonly record struct CSeq(uint Number, string Method) : IHeaderValue
{
    // CSeq = 1*DIGIT LWS Method
    public static bool TryParse(ReadOnlySpan<byte> text, out CSeq cseq)
    {
        cseq = default;
        var scanner = new Scanner(text);
        scanner.SkipSpace();
        if (!scanner.TryToken(out var digits) || !Grammar.TryNumber(digits, int.MaxValue, out var number)) return false;
        scanner.SkipSpace();
        if (!scanner.TryToken(out var method)) return false;
        scanner.SkipSpace();
        cseq = new(number, SipMethod.Of(method));
        return scanner.AtEnd;
    }

    public string ToHeaderText() => ToString();

    public override string ToString() => $"{Number} {Method}";
}
