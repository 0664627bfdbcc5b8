using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>One Contact of a registered subscriber, with the way back to it (RFC 3261 §10, RFC 3327 §5.3).</summary>
sealed class Binding
{
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

    static string? DeviceOf(NameAddress contact) =>
        contact.Parameters["+sip.instance"] is { } instance && contact.Parameters["reg-id"] is { } flow
            ? $"{instance} {flow}"
            : null;
}
