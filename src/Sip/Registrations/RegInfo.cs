namespace Portunus.Sip;

/// <summary>A document of <c>application/reginfo+xml</c>: what a registrar tells a watcher (RFC 3680 §5).</summary>
/// <param name="Version">Counts the documents of one subscription.</param>
/// <param name="IsFull">Whether it says all, or only what has changed.</param>
/// <param name="Registrations">One for each address-of-record.</param>
public sealed partial record RegInfo(uint Version, bool IsFull, IReadOnlyList<RegInfoRegistration> Registrations)
{
    /// <summary>Of the body of a NOTIFY, and what Accept of a SUBSCRIBE says.</summary>
    public const string ContentType = "application/reginfo+xml";

    /// <summary>The event package, as Event says it.</summary>
    public const string Package = "reg";

    const string Namespace = "urn:ietf:params:xml:ns:reginfo";
}

/// <summary>An address-of-record and its contacts.</summary>
/// <param name="AddressOfRecord">As a URI, not yet read.</param>
/// <param name="Id">The same in all documents of a subscription.</param>
/// <param name="State">Of the whole.</param>
/// <param name="Contacts">All, or those that have changed.</param>
public sealed record RegInfoRegistration(
    string AddressOfRecord, string Id, RegInfoState State, IReadOnlyList<RegInfoContact> Contacts);

/// <summary>Where a registration stands (RFC 3680 §3, §5.2).</summary>
public enum RegInfoState
{
    /// <summary>Nobody has registered yet.</summary>
    Init,

    /// <summary>There is a contact.</summary>
    Active,

    /// <summary>The last contact is gone.</summary>
    Terminated,
}
