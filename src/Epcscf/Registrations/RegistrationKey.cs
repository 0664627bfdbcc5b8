using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Which device of which identity: the same over reloads of a page that keeps its instance-id (RFC 5626 §4.1).</summary>
/// <param name="AddressOfRecord">Of To.</param>
/// <param name="Device">Instance-id and reg-id; the Contact's own address when it has none.</param>
readonly record struct RegistrationKey(string AddressOfRecord, string Device)
{
    public static RegistrationKey Of(string addressOfRecord, NameAddress contact) => new(addressOfRecord, DeviceOf(contact));

    static string DeviceOf(NameAddress contact) =>
        contact.Parameters["+sip.instance"] is { } instance && contact.Parameters["reg-id"] is { } flow
            ? $"{instance} {flow}"
            : contact.Uri.AddressOfRecord;
}
