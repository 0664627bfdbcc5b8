using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using System.Xml;

namespace Portunus.Sip;

public sealed partial record RegInfo
{
    /// <summary>Contacts in all of a document: an implicit set of some identities, at each some dozen windows.</summary>
    public const int MostContacts = 2048;

    /// <summary>Parameters that are kept of one contact; the others are passed over.</summary>
    const int MostParameters = 32;

    static readonly XmlReaderSettings Settings = new()
    {
        // Nothing is fetched, and no entity is there that could grow.
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = SipLimits.MessageBytes,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>
    /// Reads a document; false when it is no well-formed reginfo or larger than one may be. Elements of other names, and
    /// contacts without URI or with an event of another name, are passed over.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<byte> body, [NotNullWhen(true)] out RegInfo? info)
    {
        info = null;
        if (body.Length > SipLimits.MessageBytes) return false;
        try
        {
            using var xml = XmlReader.Create(new StringReader(Encoding.UTF8.GetString(body).TrimStart('\uFEFF')), Settings);
            if (xml.MoveToContent() != XmlNodeType.Element) return false;
            if (xml.LocalName != "reginfo" || xml.NamespaceURI != Namespace) return false;
            if (Number(xml, "version") is not { } version) return false;
            var state = xml.GetAttribute("state");
            if (state is not ("full" or "partial")) return false;
            var registrations = new List<RegInfoRegistration>();
            var room = MostContacts;
            foreach (var _ in Children(xml, "registration"))
                if (!TryRegistration(xml, ref room, registrations)) return false;
            // What follows the root must be well-formed, too.
            while (xml.Read()) { }

            info = new(version, state == "full", registrations);
            return true;
        }
        catch (XmlException)
        {
            // The reader has no other way to say that something is not well-formed.
            return false;
        }
    }

    static bool TryRegistration(XmlReader xml, ref int room, List<RegInfoRegistration> registrations)
    {
        var (aor, id) = (xml.GetAttribute("aor"), xml.GetAttribute("id"));
        if (aor is null || !TryWord<RegInfoState>(xml.GetAttribute("state"), out var state)) return false;
        var contacts = new List<RegInfoContact>();
        // An identity without contacts takes its room, too.
        room--;
        foreach (var _ in Children(xml, "contact"))
        {
            if (--room < 0) return false;
            if (Contact(xml) is { } contact) contacts.Add(contact);
        }

        registrations.Add(new(aor, id ?? "", state, contacts));
        return room >= 0;
    }

    static RegInfoContact? Contact(XmlReader xml)
    {
        var known = TryWord<RegInfoEvent>(xml.GetAttribute("event"), out var happened);
        var (id, expires, retry) = (xml.GetAttribute("id") ?? "", Number(xml, "expires"), Number(xml, "retry-after"));
        // Should the two disagree, the state is what counts: gone is gone.
        var isGone = xml.GetAttribute("state") == "terminated";
        var uri = "";
        var parameters = new List<Parameter>();
        foreach (var name in Children(xml, null))
        {
            if (name == "uri") uri = Text(xml);
            else if (name == "unknown-param" && xml.GetAttribute("name") is { Length: > 0 } parameter
                && parameters.Count < MostParameters && !parameters.Exists(one => one.Is(parameter)))
                parameters.Add(new(parameter, Unquoted(Text(xml))));
            else xml.Skip();
        }

        if (!known) happened = isGone ? RegInfoEvent.Deactivated : RegInfoEvent.Registered;
        var contact = new RegInfoContact(id, happened, uri.Trim())
        {
            Expires = expires,
            RetryAfter = retry,
            Parameters = new(parameters),
        };
        if (isGone && !contact.IsTerminated) contact = contact with { Event = RegInfoEvent.Deactivated };
        return contact.Uri.Length == 0 ? null : contact;
    }

    /// <summary>
    /// Stands at each child of the element where the reader stands, of that name or of any; it is left behind by whoever reads
    /// it. Afterwards the reader stands behind the element.
    /// </summary>
    static IEnumerable<string> Children(XmlReader xml, string? named)
    {
        if (xml.IsEmptyElement)
        {
            xml.Read();
            yield break;
        }

        var depth = xml.Depth;
        xml.Read();
        while (xml.Depth > depth)
        {
            var isOne = xml.NodeType == XmlNodeType.Element && xml.NamespaceURI == Namespace
                && (named is null || xml.LocalName == named);
            if (isOne) yield return xml.LocalName;
            else xml.Skip();
        }

        xml.Read();
    }

    static string Text(XmlReader xml)
    {
        var text = new StringBuilder();
        if (xml.IsEmptyElement)
        {
            xml.Read();
            return "";
        }

        var depth = xml.Depth;
        xml.Read();
        while (xml.Depth > depth)
        {
            if (xml.NodeType is XmlNodeType.Text or XmlNodeType.CDATA) text.Append(xml.Value);
            xml.Skip();
        }

        xml.Read();
        return text.ToString();
    }

    /// <summary>Kamailio writes a parameter's value with its quotes.</summary>
    static string Unquoted(string text) => text is ['"', .., '"'] ? text[1..^1] : text;

    static uint? Number(XmlReader xml, string name) =>
        uint.TryParse(xml.GetAttribute(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;

    static bool TryWord<T>(string? text, out T value) where T : struct, Enum
    {
        foreach (var one in Enum.GetValues<T>())
        {
            if (Word(one) != text) continue;
            value = one;
            return true;
        }

        value = default;
        return false;
    }
}
