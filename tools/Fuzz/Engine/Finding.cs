using System.Runtime.CompilerServices;

namespace Portunus.Fuzz.Engine;

/// <summary>A law that an input broke.</summary>
sealed class Finding(string sentence) : Exception(sentence)
{
    /// <exception cref="Finding">It does not hold.</exception>
    public static void Unless(bool holds, string sentence)
    {
        if (!holds) throw new Finding(sentence);
    }

    /// <inheritdoc cref="Unless(bool, string)"/>
    public static void Unless(bool holds, [InterpolatedStringHandlerArgument(nameof(holds))] ref Sentence sentence)
    {
        if (!holds) throw new Finding(sentence.ToStringAndClear());
    }

    /// <summary>Text that is made only where a law does not hold, for thousands are checked in a second.</summary>
    [InterpolatedStringHandler]
    public ref struct Sentence
    {
        DefaultInterpolatedStringHandler _text;

        public Sentence(int literalLength, int formattedCount, bool holds, out bool isNeeded)
        {
            isNeeded = !holds;
            _text = isNeeded ? new(literalLength, formattedCount) : default;
        }

        public void AppendLiteral(string text) => _text.AppendLiteral(text);

        public void AppendFormatted<T>(T value) => _text.AppendFormatted(value);

        public string ToStringAndClear() => _text.ToStringAndClear();
    }
}
