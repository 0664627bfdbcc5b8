using System.Text.RegularExpressions;

namespace Portunus.Tests.Conformance.Requirements;

/// <summary>Finds the sentences of an RFC's text that carry a word of RFC 2119, other than MAY and OPTIONAL.</summary>
static partial class SentenceFinder
{
    /// <summary>How much of a sentence is told: enough to find it by, not the text of the RFC.</summary>
    const int MostCharacters = 72;

    /// <summary>Every such sentence in its order, as section, its number in the section, first words and levels.</summary>
    public static IEnumerable<(string Section, int Number, string Words, string Levels)> Find(string text)
    {
        var numbers = new Dictionary<string, int>();
        foreach (var (section, paragraph) in Paragraphs(text))
        foreach (var sentence in SentenceEnd().Split(paragraph))
        {
            var levels = Level().Matches(sentence).Select(level => level.Value).Distinct().ToArray();
            if (levels.Length == 0 || sentence.StartsWith("The key words \"MUST\"", StringComparison.Ordinal)) continue;
            numbers[section] = numbers.GetValueOrDefault(section) + 1;
            yield return (section, numbers[section], FirstWords(sentence), string.Join(", ", levels));
        }
    }

    /// <summary>Paragraphs with their section; those before the first section have none and are left out.</summary>
    static IEnumerable<(string Section, string Paragraph)> Paragraphs(string text)
    {
        var section = "";
        var paragraph = "";
        var (afterBlank, acrossPages) = (false, false);
        foreach (var line in text.ReplaceLineEndings("\n").Split('\n').Select(line => line.TrimEnd(' ')))
        {
            // The foot of a page, the form feed and the head of the next stand in the middle of what is read.
            if (Foot().IsMatch(line) || Head().IsMatch(line) || line.Contains('\f')) acrossPages = true;
            else if (line.Length == 0) afterBlank = true;
            else
            {
                var heading = Heading().Match(line);
                // Blank lines around a page's foot end a paragraph only if it had come to its end.
                var ends = afterBlank && (!acrossPages || Ended().IsMatch(paragraph));
                if (heading.Success || ends || Item().IsMatch(line))
                {
                    if (paragraph.Length > 0 && section.Length > 0) yield return (section, paragraph);
                    paragraph = "";
                }

                (afterBlank, acrossPages) = (false, false);
                if (heading.Success) section = heading.Groups["number"].Value.TrimEnd('.');
                else paragraph += (paragraph.Length == 0 || paragraph[^1] == '-' ? "" : " ") + line.Trim();
            }
        }

        if (paragraph.Length > 0) yield return (section, paragraph);
    }

    static string FirstWords(string sentence)
    {
        var plain = Frame().Replace(Item().Replace(sentence, ""), " ").Trim();
        return plain.Length <= MostCharacters ? plain : plain[..plain.LastIndexOf(' ', MostCharacters)] + " ...";
    }

    [GeneratedRegex(@"(?<=[.!?:]\)?)\s+(?=[""(]?[A-Z*])")]
    private static partial Regex SentenceEnd();

    [GeneratedRegex(@"[.:?!]""?\)?$")]
    private static partial Regex Ended();

    [GeneratedRegex(@"\b(MUST NOT|MUST|SHOULD NOT|SHOULD|SHALL NOT|SHALL|NOT RECOMMENDED|RECOMMENDED|REQUIRED)\b")]
    private static partial Regex Level();

    [GeneratedRegex(@"^(Appendix )?(?<number>\d+(\.\d+)*\.?|[A-Z](\.\d+)*\.)\s+\S")]
    private static partial Regex Heading();

    [GeneratedRegex(@"^\s*(\*|o|-|\d+\.|\(\d+\)|[a-z]\))\s+")]
    private static partial Regex Item();

    /// <summary>What frames a table or a note.</summary>
    [GeneratedRegex(@"\+[-+| ]+|\s*\|\s*")]
    private static partial Regex Frame();

    [GeneratedRegex(@"\[Page \d+\]\s*$")]
    private static partial Regex Foot();

    [GeneratedRegex(@"^RFC \d+\s{2,}.*\d{4}\s*$")]
    private static partial Regex Head();
}
