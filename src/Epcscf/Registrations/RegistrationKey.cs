using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Which device of which identity: the same over reloads of a page that keeps its instance-id (RFC 5626 §4.1).</summary>
/// <param name="AddressOfRecord">Of To.</param>
/// <param name="Device">Instance-id and reg-id; the Contact's own address when it has none.</param>
readonly record struct RegistrationKey(string AddressOfRecord, string Device)
{
    public static RegistrationKey Of(string addressOfRecord, NameAddress contact) => new(addressOfRecord, DeviceOf(contact));

    /// <summary>Whether the two are the same binding (RFC 5626 §6: instance-id and reg-id decide where both are there).</summary>
    public static bool IsSameBinding(NameAddress a, NameAddress b) => DeviceOf(a) == DeviceOf(b);

    static string DeviceOf(NameAddress contact) =>
        contact.Parameters["+sip.instance"] is { } instance && contact.Parameters["reg-id"] is { } flow
            ? $"{instance} {flow}"
            : contact.Uri.AddressOfRecord;
}
