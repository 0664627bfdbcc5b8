namespace Portunus.Bedrock;

/// <summary>How a client's bytes reach a server; part of a five-tuple.</summary>
public enum ClientTransport : byte
{
    Udp,
    Tcp,
    Tls,
    Dtls,
}

/// <summary>Client address, server address and the transport between them (RFC 8656 §2): what an allocation is known by.</summary>
public readonly record struct FiveTuple(TransportAddress Client, TransportAddress Server, ClientTransport Transport)
{
    public override string ToString() => $"{Transport} {Client} > {Server}";
}
