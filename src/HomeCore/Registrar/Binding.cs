using System.Text;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>One Contact of a registered subscriber, with the way back to it (RFC 3261 §10, RFC 3327 §5.3).</summary>
sealed class Binding
{
    /// <summary>Names it to watchers.</summary>
    public required string Id { get; init; }

    public required Location Owner { get; init; }

    /// <summary>As the WIC wrote it.</summary>
    public required NameAddress Contact { get; set; }

    /// <summary>In order; becomes the Route of requests to it.</summary>
    public required IReadOnlyList<string> Path { get; set; }

    public required string CallId { get; set; }

    public required uint CSeq { get; set; }

    public Instant Expires { get; set; }

    /// <summary>RFC 5626 §6: instance-id and reg-id name a binding where both are there, else the address.</summary>
    public bool IsOf(NameAddress contact) => DeviceOf(Contact) is { } mine && DeviceOf(contact) is { } theirs
        ? mine == theirs
        : Contact.Uri.IsEquivalentTo(contact.Uri);

    /// <summary>Whether a host and port stand in its Path: those of the edge that it came by.</summary>
    public bool CameBy(HostPort edge) =>
        Path.Any(hop => NameAddress.TryParse(hop, out var address) && address.Uri.Authority == edge);

    /// <summary>As its watchers are told.</summary>
    public RegInfoContact Describe(Instant now, RegInfoEvent what, TimeSpan? retryAfter = null)
    {
        var contact = new RegInfoContact(Id, what, Contact.Uri.ToString())
        {
            RetryAfter = (uint?)retryAfter?.TotalSeconds,
            Parameters = Contact.Parameters.Without("expires"),
        };
        return contact.IsTerminated ? contact : contact with { Expires = (uint)Math.Ceiling((Expires - now).TotalSeconds) };
    }

    static string? DeviceOf(NameAddress contact) =>
        contact.Parameters["+sip.instance"] is { } instance && contact.Parameters["reg-id"] is { } flow
            ? $"{instance} {flow}"
            : null;
}
