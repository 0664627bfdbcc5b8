using System.Globalization;
using System.Text;
using System.Xml;

namespace Portunus.Sip;

public sealed partial record RegInfo
{
    /// <summary>As UTF-8; what XML cannot hold of a URI or parameter is left out.</summary>
    public byte[] ToBytes()
    {
        var text = new StringBuilder("<?xml version=\"1.0\"?>\n");
        using (var xml = XmlWriter.Create(text, new() { OmitXmlDeclaration = true, Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("reginfo", Namespace);
            xml.WriteAttributeString("version", Version.ToString(CultureInfo.InvariantCulture));
            xml.WriteAttributeString("state", IsFull ? "full" : "partial");
            foreach (var registration in Registrations) Write(xml, registration);
            xml.WriteEndElement();
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    static void Write(XmlWriter xml, RegInfoRegistration registration)
    {
        xml.WriteStartElement("registration", Namespace);
        xml.WriteAttributeString("aor", Clean(registration.AddressOfRecord));
        xml.WriteAttributeString("id", registration.Id);
        xml.WriteAttributeString("state", Word(registration.State));
        foreach (var contact in registration.Contacts) Write(xml, contact);
        xml.WriteEndElement();
    }

    static void Write(XmlWriter xml, RegInfoContact contact)
    {
        xml.WriteStartElement("contact", Namespace);
        xml.WriteAttributeString("id", contact.Id);
        xml.WriteAttributeString("state", Word(contact.IsTerminated ? RegInfoState.Terminated : RegInfoState.Active));
        xml.WriteAttributeString("event", Word(contact.Event));
        WriteSeconds(xml, "expires", contact.Expires);
        WriteSeconds(xml, "retry-after", contact.RetryAfter);
        xml.WriteElementString("uri", Namespace, Clean(contact.Uri));
        foreach (var parameter in contact.Parameters)
        {
            xml.WriteStartElement("unknown-param", Namespace);
            xml.WriteAttributeString("name", Clean(parameter.Name));
            xml.WriteString(Clean(parameter.Value ?? ""));
            xml.WriteEndElement();
        }

        xml.WriteEndElement();
    }

    static void WriteSeconds(XmlWriter xml, string name, uint? seconds)
    {
        if (seconds is { } value) xml.WriteAttributeString(name, value.ToString(CultureInfo.InvariantCulture));
    }

    static string Word<T>(T value) where T : struct, Enum => value.ToString().ToLowerInvariant();

    /// <summary>The writer throws at a character that XML has not, and these come from strangers.</summary>
    static string Clean(string text)
    {
        if (text.All(XmlConvert.IsXmlChar)) return text;
        return new([.. text.Where(XmlConvert.IsXmlChar)]);
    }
}
