using System.Text;
using System.Xml.Linq;
using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>What a NOTIFY says of registrations (RFC 3680 §5).</summary>
/// <param name="State">Of each address of record: active, init or terminated.</param>
/// <param name="Events">Of each contact: registered, deactivated, rejected, unregistered and so on.</param>
sealed record ReginfoDocument(IReadOnlyDictionary<string, string> State, IReadOnlyList<string> Events)
{
    static readonly XNamespace Namespace = "urn:ietf:params:xml:ns:reginfo";

    public static ReginfoDocument Of(SipMessage notify)
    {
        Assert.Equal("application/reginfo+xml", notify.Get(HeaderName.ContentType));
        var document = XDocument.Parse(Encoding.UTF8.GetString(notify.Body.Span));
        var registrations = document.Descendants(Namespace + "registration").ToArray();
        return new(
            registrations.ToDictionary(one => one.Attribute("aor")!.Value, one => one.Attribute("state")!.Value),
            [.. registrations.Descendants(Namespace + "contact").Select(contact => contact.Attribute("event")!.Value)]);
    }
}
