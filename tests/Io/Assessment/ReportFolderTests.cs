using System.Text.Json;
using Portunus.Assessment.Report;
using Portunus.Assessment.Results;
using Portunus.Nodes;
using Portunus.Tests.Io.Architecture;
using Portunus.Tests.Io.Commands;

namespace Portunus.Tests.Io.Assessment;

/// <summary>The files of a run.</summary>
public sealed class ReportFolderTests : IDisposable
{
    static readonly AssessmentResult Empty = new()
    {
        Machine = new("a processor", 1, "a system", "a runtime", "0.0.0"), Seed = 1, Mode = "quick", Began = DateTimeOffset.UnixEpoch,
        Missing = ["everything"],
    };

    readonly string _path = Directory.CreateTempSubdirectory("portunus-report-").FullName;

    public void Dispose() => Directory.Delete(_path, recursive: true);

    [Fact]
    public void It_has_three_files_of_one_result_and_nothing_else()
    {
        var folder = new ReportFolder(Path.Combine(_path, "new"));
        folder.Prepare();
        var files = folder.Write(Empty);
        Assert.Equal(files.Order(), Directory.GetFiles(Path.Combine(_path, "new")).Order());
        Assert.Equal([".html", ".json", ".md"], files.Select(Path.GetExtension).Order());
        Assert.Equal("everything", AssessmentJson.Read(File.ReadAllText(files[0])).Missing.Single());
        Assert.All(files, file => Assert.Contains("everything", File.ReadAllText(file), StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_of_an_earlier_run_is_replaced_whole_and_its_reader_keeps_the_old_one()
    {
        var folder = new ReportFolder(_path);
        var files = folder.Write(Empty);
        using var reader = new StreamReader(files[0]);
        folder.Write(Empty with { Missing = ["something else"] });
        Assert.Equal("everything", AssessmentJson.Read(reader.ReadToEnd()).Missing.Single());
        Assert.Equal("something else", AssessmentJson.Read(File.ReadAllText(files[0])).Missing.Single());
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_refused_before_anything_is_measured()
    {
        var file = Path.Combine(_path, "a-file");
        File.WriteAllText(file, "");
        Assert.Contains("--out DIR", Assert.Throws<RefusedException>(new ReportFolder(file).Prepare).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_committed_schema_is_that_of_this_version_and_describes_what_others_rely_on()
    {
        // If it differs: portunus assess --schema > docs/assessment.schema.json
        var (code, printed, errors) = PortunusProcess.Run(["assess", "--schema"]);
        Assert.Equal((0, ""), (code, errors));
        var committed = File.ReadAllText(Path.Combine(Repository.Root, "docs", "assessment.schema.json"));
        Assert.Equal(committed.TrimEnd(), printed.TrimEnd());
        using var schema = JsonDocument.Parse(committed);
        var properties = schema.RootElement.GetProperty("properties");
        Described(properties);
        Described(properties.GetProperty("cells").GetProperty("items").GetProperty("properties"));
    }

    static void Described(JsonElement properties)
    {
        foreach (var property in properties.EnumerateObject())
            Assert.True(property.Value.TryGetProperty("description", out _), property.Name);
    }
}
