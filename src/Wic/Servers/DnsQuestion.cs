namespace Portunus.Wic;

/// <summary>What is asked of the DNS.</summary>
/// <param name="Name">Without the last dot.</param>
/// <param name="Type">Of the records wanted.</param>
public readonly record struct DnsQuestion(string Name, DnsType Type)
{
    public override string ToString() => $"{Type.ToString().ToUpperInvariant()} {Name}";
}

/// <summary>The types that a search for TURN servers asks for; the numbers are those of the DNS.</summary>
public enum DnsType : byte
{
    A = 1,
    Ptr = 12,
    Aaaa = 28,
    Srv = 33,
    Naptr = 35,
}
