using Portunus.Bedrock;

namespace Portunus.Transport;

/// <summary>What the bytes at the beginning of a connection are, as a header of the PROXY protocol.</summary>
public enum ProxyReading : byte
{
    /// <summary>It may become one; more bytes are needed.</summary>
    Incomplete,

    /// <summary>Whole, with the client's address.</summary>
    Client,

    /// <summary>Whole, without an address: the balancer speaks for itself (LOCAL, UNKNOWN), to see whether we live.</summary>
    Balancer,

    /// <summary>None, or one for something other than TCP over IP: the connection is closed.</summary>
    Malformed,
}

/// <summary>
/// The PROXY protocol, versions 1 and 2 (HAProxy, "The PROXY protocol", 2020): a balancer says before the first byte of the client who
/// the client is. Only for connections from balancers that the operator has named, since anyone can write one; there it must come.
/// </summary>
/// <remarks>Without state: the bytes that have come are read from the beginning, until they suffice.</remarks>
public static class ProxyHeader
{
    /// <summary>Bytes that a whole header never exceeds: the rest of a longer one (TLVs of version 2) is not taken.</summary>
    public const int MostLength = ProxyHeaderV2.HeaderLength + 1024;

    /// <param name="bytes">From the beginning of the connection.</param>
    /// <param name="client">The client's address and port.</param>
    /// <param name="server">The address that the client spoke to: the balancer's, as a rule.</param>
    /// <param name="length">Of the header; what follows it is the client's.</param>
    public static ProxyReading Read(ReadOnlySpan<byte> bytes, out TransportAddress client, out TransportAddress server, out int length)
    {
        (client, server, length) = (default, default, 0);
        if (bytes.IsEmpty) return ProxyReading.Incomplete;
        return bytes[0] == ProxyHeaderV2.Signature[0]
            ? ProxyHeaderV2.Read(bytes, out client, out server, out length)
            : ProxyHeaderV1.Read(bytes, out client, out server, out length);
    }
}
