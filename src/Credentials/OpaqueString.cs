using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace Portunus.Credentials;

/// <summary>The profile by which usernames, realms and passwords are made comparable (RFC 8265 §4.2).</summary>
/// <remarks>
/// Context rules of RFC 5892 that need a script or joining type, which the runtime does not give, are narrowed: scripts are
/// told by their blocks, and U+200C is taken after a virama only.
/// </remarks>
public static class OpaqueString
{
    /// <summary>
    /// Prepares and enforces: every character must be of the FreeformClass, spaces become U+0020, and the result is in
    /// Normalization Form C. False for the empty text and for one that a rule refuses.
    /// </summary>
    public static bool TryEnforce(string text, [NotNullWhen(true)] out string? enforced)
    {
        enforced = null;
        if (text.Length == 0) return false;
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            enforced = text;
            return true;
        }

        var mapped = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length;)
        {
            if (!Rune.TryGetRuneAt(text, at, out var rune) || !IsFreeform(rune.Value, text, at)) return false;
            // RFC 8265 §4.2.2 rule 2: any space that is not ASCII becomes one that is.
            mapped.Append(Rune.GetUnicodeCategory(rune) == UnicodeCategory.SpaceSeparator ? " " : rune.ToString());
            at += rune.Utf16SequenceLength;
        }

        enforced = Nfc.Normalize(mapped.ToString());
        return true;
    }

    // RFC 8264 §8, in its order; what has a compatibility form is valid here, and needs no look (§9.17).
    static bool IsFreeform(int point, string text, int at) => point switch
    {
        // §9.6, exceptions: valid in context only, or never.
        0x00B7 => Before(text, at) == 'l' && After(text, at) == 'l',
        0x0375 => After(text, at) is (>= 0x0370 and <= 0x03FF) or (>= 0x1F00 and <= 0x1FFF),
        0x05F3 or 0x05F4 => Before(text, at) is (>= 0x0590 and <= 0x05FF) or (>= 0xFB1D and <= 0xFB4F),
        0x30FB => text.EnumerateRunes().Any(IsJapanese),
        >= 0x0660 and <= 0x0669 => !text.AsSpan().ContainsAnyInRange('\u06F0', '\u06F9'),
        >= 0x06F0 and <= 0x06F9 => !text.AsSpan().ContainsAnyInRange('\u0660', '\u0669'),
        0x0640 or 0x07FA or 0x302E or 0x302F or (>= 0x3031 and <= 0x3035) or 0x303B => false,
        // §9.9, JoinControl (RFC 5892 A.1, A.2).
        0x200C or 0x200D => Nfc.IsVirama(Before(text, at)),
        // §9.10, OldHangulJamo.
        (>= 0x1100 and <= 0x11FF) or (>= 0xA960 and <= 0xA97C) or (>= 0xD7B0 and <= 0xD7C6) or (>= 0xD7CB and <= 0xD7FB) => false,
        // §9.13, PrecisIgnorableProperties: Default_Ignorable_Code_Point; noncharacters have no category.
        0x00AD or 0x034F or 0x061C or 0x17B4 or 0x17B5 or (>= 0x180B and <= 0x180F) or (>= 0x200B and <= 0x200F)
            or (>= 0x202A and <= 0x202E) or (>= 0x2060 and <= 0x206F) or 0x3164 or (>= 0xFE00 and <= 0xFE0F) or 0xFEFF or 0xFFA0
            or (>= 0xFFF0 and <= 0xFFF8) or (>= 0x1BCA0 and <= 0x1BCA3) or (>= 0x1D173 and <= 0x1D17A)
            or (>= 0xE0000 and <= 0xE0FFF) => false,
        _ => CharUnicodeInfo.GetUnicodeCategory(point) is not (UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator),
    };

    /// <summary>Hiragana, Katakana or Han, by block.</summary>
    static bool IsJapanese(Rune rune) => rune.Value
        is (>= 0x3041 and <= 0x3096) or (>= 0x30A1 and <= 0x30FA) or (>= 0x31F0 and <= 0x31FF)
        or (>= 0x3400 and <= 0x4DBF) or (>= 0x4E00 and <= 0x9FFF) or (>= 0x20000 and <= 0x3FFFF);

    static int Before(string text, int at) =>
        Rune.DecodeLastFromUtf16(text.AsSpan(0, at), out var rune, out _) == OperationStatus.Done ? rune.Value : -1;

    static int After(string text, int at) =>
        at + 1 < text.Length && Rune.TryGetRuneAt(text, at + 1, out var rune) ? rune.Value : -1;
}
