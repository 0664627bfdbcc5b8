using System.Globalization;
using System.Xml.Linq;

namespace Portunus.Assessment.Report.Html;

/// <summary>Elements of HTML and SVG. Text goes into a tree and is escaped when that is written: none can become markup.</summary>
static class Markup
{
    /// <param name="name">Of the element.</param>
    /// <param name="content">Text, elements, sequences of them, and attributes as pairs of a name and a value; null is left out, as
    /// is an attribute whose value is null.</param>
    public static XElement El(string name, params object?[] content)
    {
        var element = new XElement(name);
        foreach (var one in content) Add(element, one);
        return element;
    }

    /// <summary>A coordinate.</summary>
    public static string N(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    static void Add(XElement element, object? one)
    {
        switch (one)
        {
            case null: break;
            case (string key, null): break;
            case (string key, double value): element.SetAttributeValue(key, N(value)); break;
            case (string key, int value): element.SetAttributeValue(key, N(value)); break;
            case (string key, string value): element.SetAttributeValue(key, value); break;
            case string text: element.Add(new XText(text)); break;
            case XNode node: element.Add(node); break;
            case IEnumerable<object?> many: foreach (var part in many) Add(element, part); break;
            default: throw new ArgumentException($"{one.GetType()} is no content of an element.");
        }
    }
}
