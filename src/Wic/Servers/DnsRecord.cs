using System.Net;

namespace Portunus.Wic;

/// <summary>What the DNS answers; names are without their last dot.</summary>
public abstract record DnsRecord
{
    DnsRecord()
    {
    }

    /// <summary>A or AAAA.</summary>
    public sealed record Address(IPAddress Value) : DnsRecord;

    /// <summary>SRV (RFC 2782).</summary>
    /// <param name="Priority">The lowest is tried first.</param>
    /// <param name="Weight">Among equal priorities, its share.</param>
    /// <param name="Port">Of the service.</param>
    /// <param name="Target">Empty where the service is decidedly not there (a target of ".").</param>
    public sealed record Service(ushort Priority, ushort Weight, ushort Port, string Target) : DnsRecord;

    /// <summary>PTR as DNS-SD reads it (RFC 6763 §4.1): one instance of a service.</summary>
    /// <param name="Name">Where its SRV is.</param>
    public sealed record Instance(string Name) : DnsRecord;

    /// <summary>NAPTR as S-NAPTR reads it (RFC 3958 §2.2).</summary>
    /// <param name="Order">The lowest is tried first.</param>
    /// <param name="Preference">The same among equal orders.</param>
    /// <param name="Flags">Empty for a next domain, "s" for SRV, "a" for an address.</param>
    /// <param name="Services">"RELAY:turn.udp:turn.tcp".</param>
    /// <param name="Expression">Must be empty in S-NAPTR.</param>
    /// <param name="Replacement">Where to go on.</param>
    public sealed record Pointer(
        ushort Order, ushort Preference, string Flags, string Services, string Expression, string Replacement) : DnsRecord;
}
