using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.W2;

namespace Portunus.Nodes.Web;

/// <summary>What a <see cref="WebNode"/> serves and where; immutable.</summary>
public sealed record WebSettings
{
    /// <summary>Bound already; the node takes its sockets over.</summary>
    public required LoopbackPort Http { get; init; }

    /// <summary>As <see cref="Http"/>, for TLS.</summary>
    public required LoopbackPort Https { get; init; }

    /// <summary>With its private key.</summary>
    public required X509Certificate2 Certificate { get; init; }

    /// <summary>The folder of the WIC page.</summary>
    public required string PageFolder { get; init; }

    /// <summary>The home domain, which the page shows and asks credentials for.</summary>
    public required string Realm { get; init; }

    public required W2Settings W2 { get; init; }

    /// <summary>For credentials by HTTP; null where no token is taken.</summary>
    public CredentialsSettings? Credentials { get; init; }

    /// <summary>What else is served on the same ports; the first that has a path answers.</summary>
    public IReadOnlyList<IWebPart> Parts { get; init; } = [];

    /// <summary>What the page is told of the WAF among <see cref="Parts"/>; null where there is none.</summary>
    public SignIn? SignIn { get; init; }
}
