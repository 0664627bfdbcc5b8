using System.Collections.Immutable;
using Portunus.Nodes.W2;
using Portunus.Turn;

namespace Portunus.Nodes.Web;

/// <summary>What an <see cref="EdgeWebNode"/> serves and where; immutable.</summary>
public sealed record EdgeWebSettings
{
    /// <summary>Served over TLS; bound already, the node takes the sockets over.</summary>
    public required TcpListeners Https { get; init; }

    /// <summary>Needed where there is one of <see cref="Https"/>; stays with the caller.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>Served in plain, to <see cref="TrustedProxies"/> alone.</summary>
    public required TcpListeners Http { get; init; }

    public ImmutableArray<AddressRange> TrustedProxies { get; init; } = [];

    public required W2Settings W2 { get; init; }

    /// <summary>For credentials by HTTP; null where none are given so.</summary>
    public CredentialsSettings? Credentials { get; init; }
}
