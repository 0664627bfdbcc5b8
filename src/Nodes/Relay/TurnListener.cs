using Portunus.Bedrock;

namespace Portunus.Nodes.Relay;

/// <summary>Where clients are heard, and how they come.</summary>
/// <param name="Address">Port 0 lets the system choose.</param>
/// <param name="Transport">UDP alone where only an address is given.</param>
public readonly record struct TurnListener(TransportAddress Address, ClientTransport Transport = ClientTransport.Udp)
{
    /// <summary>Whether it takes connections.</summary>
    public bool IsStream => Transport is ClientTransport.Tcp or ClientTransport.Tls;

    /// <summary>Whether a certificate is shown.</summary>
    public bool IsSecure => Transport is ClientTransport.Tls or ClientTransport.Dtls;

    public static implicit operator TurnListener(TransportAddress address) => new(address);

    /// <summary>As on a command line: <c>udp:192.0.2.1:3478</c>.</summary>
    public override string ToString() => $"{Name(Transport)}:{Address}";

    /// <summary>In small letters.</summary>
    public static string Name(ClientTransport transport) => transport switch
    {
        ClientTransport.Udp => "udp",
        ClientTransport.Tcp => "tcp",
        ClientTransport.Tls => "tls",
        _ => "dtls",
    };
}
