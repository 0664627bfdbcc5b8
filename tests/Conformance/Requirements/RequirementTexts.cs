namespace Portunus.Tests.Conformance.Requirements;

/// <summary>The committed list against the texts of the RFCs, where somebody has them.</summary>
static class RequirementTexts
{
    /// <summary>Says what is in the texts of a folder and not in the list, and the other way round.</summary>
    /// <returns>0 if they are the same, 1 otherwise.</returns>
    public static int Compare(string folder, TextWriter output)
    {
        var different = 0;
        foreach (var rfc in RequirementList.Rfcs)
        {
            var listed = RequirementList.All.Where(row => row.Rfc == rfc && row.Levels != RequirementList.Prose)
                .ToDictionary(row => $"{row.Section} #{row.Number}", row => $"{row.Section} #{row.Number} | {row.Levels} | {row.Words}");
            var found = SentenceFinder.Find(File.ReadAllText(Path.Combine(folder, $"rfc{rfc}.txt")))
                .ToDictionary(one => $"{one.Section} #{one.Number}", one => $"{one.Section} #{one.Number} | {one.Levels} | {one.Words}");
            foreach (var (key, sentence) in found.Where(one => !listed.ContainsValue(one.Value)))
            {
                different++;
                output.WriteLine($"RFC {rfc} says and the list does not: {sentence}");
            }

            foreach (var row in listed.Values.Where(row => !found.ContainsValue(row)))
            {
                different++;
                output.WriteLine($"the list says and RFC {rfc} does not: {row}");
            }
        }

        output.WriteLine(different == 0 ? "the list is complete" : $"{different} differences");
        return different == 0 ? 0 : 1;
    }
}
