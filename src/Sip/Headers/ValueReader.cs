namespace Portunus.Sip;

/// <summary>Reads one value of a header.</summary>
/// <param name="text">Unfolded and trimmed.</param>
/// <param name="value">Only meant when the answer is true.</param>
public delegate bool ValueReader<T>(ReadOnlySpan<byte> text, out T? value);
