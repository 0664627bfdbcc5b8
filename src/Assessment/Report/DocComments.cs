using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Portunus.Assessment.Report;

/// <summary>What stands above types and their members in the sources, from the file that the compiler writes of it.</summary>
sealed partial class DocComments
{
    readonly Dictionary<string, XElement> _members;

    DocComments(IEnumerable<XElement> members) =>
        _members = members.ToDictionary(member => member.Attribute("name")!.Value);

    /// <summary>Empty where there is no such file.</summary>
    public static DocComments Beside(Assembly assembly)
    {
        var file = Path.ChangeExtension(assembly.Location, ".xml");
        return new(File.Exists(file) ? XDocument.Load(file).Descendants("member") : []);
    }

    public string? Of(Type type) => Text(_members.GetValueOrDefault($"T:{type.FullName}")?.Element("summary"));

    /// <summary>A member's own words, or those of its record about the parameter that it is made of.</summary>
    public string? Of(MemberInfo? member) => member?.DeclaringType is { } type
        ? Text(_members.GetValueOrDefault($"P:{type.FullName}.{member.Name}")?.Element("summary")
            ?? _members.GetValueOrDefault($"T:{type.FullName}")?.Elements("param")
                .FirstOrDefault(parameter => parameter.Attribute("name")?.Value == member.Name))
        : null;

    static string? Text(XElement? element)
    {
        if (element is null) return null;
        var words = string.Concat(element.Nodes().Select(node => node switch
        {
            XText text => text.Value,
            XElement { Name.LocalName: "see" or "paramref" } reference => LastName(reference),
            XElement other => other.Value,
            _ => "",
        }));
        return Spaces().Replace(words, " ").Trim();
    }

    static string LastName(XElement reference)
    {
        var name = (reference.Attribute("cref") ?? reference.Attribute("name") ?? reference.Attribute("langword"))?.Value ?? "";
        return name[(name.LastIndexOf('.') + 1)..];
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
