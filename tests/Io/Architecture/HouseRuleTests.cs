using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portunus.Tests.Io.Architecture;

/// <summary>The house rules of CONTRIBUTING.md that a machine can see.</summary>
public partial class HouseRuleTests
{
    static IEnumerable<string> Sources => Repository.Files("src", "*.cs");

    static IEnumerable<string> SourcesAndTests => Sources.Concat(Repository.Files("tests", "*.cs"));

    [Fact]
    public void A_file_over_400_lines_says_why_in_its_header()
    {
        foreach (var file in SourcesAndTests.Where(file => File.ReadLines(file).Count() > 400))
            Assert.StartsWith("// Long because", File.ReadLines(file).First(), StringComparison.Ordinal);
    }

    [Fact]
    public void Most_files_are_under_100_lines()
    {
        var lengths = Sources.Select(file => File.ReadLines(file).Count()).Order().ToArray();
        Assert.InRange(lengths[lengths.Length / 2], 1, 100);
    }

    [Fact]
    public void No_line_is_longer_than_140_columns()
    {
        var long_ = SourcesAndTests.Concat(Repository.Files("tools", "*.cs"))
            .SelectMany(file => File.ReadLines(file).Select((line, i) => (file, i, line)))
            .Where(at => at.line.Length > 140)
            .Select(at => $"{Repository.Relative(at.file)}:{at.i + 1}");
        Assert.Empty(long_);
    }

    [Fact]
    public void No_two_public_types_of_the_rooms_have_the_same_name()
    {
        // RFC 3261 and RFC 8489 each call it so, and no file knows both rooms' messages.
        const string both = "TransactionId";
        var same = Rooms().SelectMany(room => room.GetExportedTypes())
            .Where(type => !type.IsNested)
            .GroupBy(type => type.Name)
            .Where(types => types.Key != both && types.Count() > 1)
            .Select(types => string.Join(" and ", types.Select(type => type.FullName)));
        Assert.Empty(same);
    }

    [Fact]
    public void Nothing_is_called_common_utils_helper_or_manager()
    {
        var vague = SourcesAndTests
            .Where(file => VagueName().IsMatch(Path.GetFileNameWithoutExtension(file)))
            .Select(Repository.Relative);
        Assert.Empty(vague);
    }

    [Fact]
    public void Nothing_is_marked_as_unfinished()
    {
        var marks = Sources.Concat(Repository.Files("web", "*.ts"))
            .Where(file => UnfinishedMark().IsMatch(File.ReadAllText(file)))
            .Select(Repository.Relative);
        Assert.Empty(marks);
    }

    [Fact]
    public void Every_public_type_says_what_it_is()
    {
        var silent = new List<string>();
        foreach (var assembly in Rooms())
        {
            var documented = XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
                .Descendants("member")
                .Where(member => !string.IsNullOrWhiteSpace(member.Element("summary")?.Value))
                .Select(member => member.Attribute("name")!.Value)
                .ToHashSet();
            silent.AddRange(assembly.GetExportedTypes()
                .Where(type => !type.IsNested)
                .Select(type => type.FullName!)
                .Where(name => !documented.Contains("T:" + name)));
        }

        Assert.Empty(silent);
    }

    [Fact]
    public void Every_obligation_that_the_edge_speaks_of_is_in_the_list()
    {
        var listed = File.ReadLines(Path.Combine(Repository.Root, "docs", "obligations.md"))
            .Where(line => line.StartsWith("| ", StringComparison.Ordinal))
            .SelectMany(line => Numbers().Matches(line.Split('|')[1]))
            .Select(match => match.Value)
            .ToHashSet();
        var spoken = Repository.Files("src/Epcscf", "*.cs")
            .SelectMany(file => Obligation().Matches(File.ReadAllText(file)))
            .SelectMany(match => Numbers().Matches(match.Value))
            .Select(match => match.Value)
            .ToHashSet();
        Assert.NotEmpty(spoken);
        Assert.Empty(spoken.Except(listed));
    }

    static IEnumerable<Assembly> Rooms() =>
        Directory.EnumerateFiles(AppContext.BaseDirectory, "Portunus.*.dll")
            .Select(file => Path.GetFileNameWithoutExtension(file))
            // A tool is no room.
            .Where(name => !name.StartsWith("Portunus.Tests", StringComparison.Ordinal) && name != "Portunus.Fuzz")
            .Select(Assembly.Load);

    [GeneratedRegex(@"obligations? \d+\w?(, \d+| and \d+| to \d+)*")]
    private static partial Regex Obligation();

    [GeneratedRegex(@"\d+")]
    private static partial Regex Numbers();

    [GeneratedRegex("Common|Util|Helper|Manager|Misc")]
    private static partial Regex VagueName();

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|NotImplementedException)\b")]
    private static partial Regex UnfinishedMark();
}
