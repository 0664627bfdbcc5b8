using System.Xml.Linq;

namespace Portunus.Tests.Io.Architecture;

/// <summary>Who may know whom: the table of ARCHITECTURE.md, held against the project files.</summary>
public class RoomTests
{
    static readonly Dictionary<string, string[]> MayKnow = new()
    {
        ["Bedrock"] = [],
        ["Stun"] = ["Bedrock"],
        ["Credentials"] = ["Bedrock"],
        ["Sip"] = ["Bedrock"],
        ["Transport"] = ["Bedrock"],
        ["Turn"] = ["Stun", "Credentials"],
        ["Epcscf"] = ["Sip", "Credentials"],
        ["HomeCore"] = ["Sip"],
        ["Wic"] = ["Stun", "Sip", "Credentials"],
        ["Simulation"] = ["Bedrock"],
        ["Store"] = ["Credentials"],
        ["Waf"] = ["Credentials", "Store"],
        ["Nodes"] = ["Transport", "Turn", "Epcscf", "HomeCore", "Wic", "Store", "Waf"],
        ["Assessment"] = ["Nodes", "Simulation"],
        ["Server"] = ["Nodes", "Assessment"],
    };

    static readonly string[] ProtocolRooms =
        ["Bedrock", "Stun", "Credentials", "Sip", "Turn", "Epcscf", "HomeCore", "Wic", "Simulation"];

    static IEnumerable<string> Projects => Repository.Files("src", "*.csproj");

    [Fact]
    public void Every_room_knows_only_whom_the_table_allows()
    {
        foreach (var project in Projects)
        {
            var room = Path.GetFileNameWithoutExtension(project);
            Assert.True(MayKnow.ContainsKey(room), $"{room} is not in the table of rooms.");
            var known = XDocument.Load(project).Descendants("ProjectReference")
                .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
            Assert.Empty(known.Except(MayKnow[room]));
        }

        Assert.Equal(MayKnow.Count, Projects.Count());
    }

    [Fact]
    public void Protocol_rooms_and_only_they_are_kept_from_sockets_clocks_and_chance()
    {
        var guarded = Projects
            .Where(project => XDocument.Load(project).Descendants("ProtocolRoom").Any(flag => flag.Value == "true"))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(ProtocolRooms.Order(), guarded.Order());
    }

    [Fact]
    public void Protocol_rooms_switch_no_ban_off()
    {
        foreach (var room in ProtocolRooms)
        foreach (var file in Repository.Files(Path.Combine("src", room), "*.cs"))
            Assert.DoesNotContain("RS0030", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void Transport_alone_compiles_unsafe_code()
    {
        var unsafeRooms = Projects.Append(Path.Combine(Repository.Root, "Directory.Build.props"))
            .Where(file => File.ReadAllText(file).Contains("AllowUnsafeBlocks", StringComparison.Ordinal))
            .Select(Path.GetFileNameWithoutExtension);
        Assert.Equal(["Transport"], unsafeRooms);
    }

    [Fact]
    public void A_room_says_in_its_first_line_what_it_is_for()
    {
        foreach (var project in Projects)
            Assert.StartsWith("<!--", File.ReadLines(project).ElementAt(1).Trim(), StringComparison.Ordinal);
    }

    [Fact]
    public void Bedrock_stays_small() => Assert.InRange(Repository.Files("src/Bedrock", "*.cs").Count(), 1, 12);
}
