using Portunus.Nodes.Core;
using Portunus.Nodes.Relay;
using Portunus.Nodes.Web;

namespace Portunus.Nodes.Admin;

/// <summary>What an <see cref="AdminNode"/> shows and where; immutable.</summary>
public sealed record AdminSettings
{
    /// <summary>One address, bound already; the node takes the socket over.</summary>
    public required TcpListeners Listen { get; init; }

    /// <summary>The bearer of RFC 6750 that sessions and registrations ask for; null hides them.</summary>
    public string? Token { get; init; }

    /// <summary>TLS; needed beyond loopback. Stays with the caller.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>Null when this process has no TURN server.</summary>
    public TurnNode? Turn { get; init; }

    /// <summary>Null when this process has no edge.</summary>
    public EdgeNode? Edge { get; init; }

    /// <summary>Null where nothing can be read again.</summary>
    public Reloads? Reloads { get; init; }

    /// <summary>Without the token.</summary>
    public override string ToString() => "admin";
}
