using System.Text;
using System.Xml;
using System.Xml.Linq;

namespace Portunus.Assessment.Report.Html;

/// <summary>Writes a tree as HTML that is well-formed XML, too: who reads the one or the other sees the same.</summary>
static class HtmlText
{
    /// <summary>Elements without content, by the HTML standard; every other one needs an end tag.</summary>
    static readonly HashSet<string> Voids = ["meta", "link", "br", "hr", "img", "input", "col"];

    public static string Write(XElement root)
    {
        var text = new StringBuilder("<!DOCTYPE html>\n");
        Write(text, root);
        return text.Append('\n').ToString();
    }

    static void Write(StringBuilder text, XElement element)
    {
        var name = element.Name.LocalName;
        text.Append('<').Append(name);
        foreach (var attribute in element.Attributes())
        {
            text.Append(' ').Append(attribute.Name.LocalName).Append("=\"");
            Escape(text, attribute.Value);
            text.Append('"');
        }

        if (Voids.Contains(name))
        {
            text.Append("/>");
            return;
        }

        text.Append('>');
        foreach (var node in element.Nodes())
            switch (node)
            {
                case XElement child: Write(text, child); break;
                // Scripts and styles of our own: their text is not escaped in HTML, and is in XML.
                case XCData raw: text.Append("/*<![CDATA[*/\n").Append(raw.Value).Append("/*]]>*/"); break;
                case XText words: Escape(text, words.Value); break;
            }

        text.Append("</").Append(name).Append('>');
        if (name is "p" or "div" or "tr" or "section" or "svg" or "li" or "table" or "details" or "h2" or "head") text.Append('\n');
    }

    /// <summary>What XML cannot hold, such as a control character, is replaced.</summary>
    static void Escape(StringBuilder text, string value)
    {
        for (var i = 0; i < value.Length; i++)
        {
            var c = value[i];
            if (char.IsHighSurrogate(c) && i + 1 < value.Length && char.IsLowSurrogate(value[i + 1]))
                text.Append(c).Append(value[++i]);
            else
                _ = c switch
                {
                    '<' => text.Append("&lt;"),
                    '>' => text.Append("&gt;"),
                    '&' => text.Append("&amp;"),
                    '"' => text.Append("&quot;"),
                    _ => text.Append(XmlConvert.IsXmlChar(c) ? c : '\uFFFD'),
                };
        }
    }
}
