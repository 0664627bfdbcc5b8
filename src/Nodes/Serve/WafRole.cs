using System.Net;
using System.Security.Cryptography.X509Certificates;
using Portunus.Nodes.Transfer;
using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Waf;
using Portunus.Waf.Wwsf;

namespace Portunus.Nodes.Serve;

/// <summary>Where a WAF or a WWSF keeps what must outlive a restart.</summary>
/// <param name="Folder">Of an SQLite file; made when it is not there.</param>
/// <param name="Postgres">A connection in its place, which is a secret; null for none.</param>
public sealed record AccessPlace(string Folder, string? Postgres)
{
    /// <exception cref="RefusedException">The data base cannot be used.</exception>
    public AccessStore Open()
    {
        try
        {
            return Postgres is null ? AccessStore.OpenFolder(Folder) : AccessStore.OpenPostgres(Postgres);
        }
        catch (StoreException e)
        {
            throw new RefusedException(e.Message, e);
        }
    }

    /// <summary>Without the connection.</summary>
    public override string ToString() => Postgres is null ? Folder : "PostgreSQL";
}

/// <summary>The WAF.</summary>
public sealed record WafRole
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>PEM files; null for plain http on loopback.</summary>
    public (string Certificate, string? Key)? Tls { get; init; }

    /// <summary>Where TURN servers and clients show certificates of <see cref="Authorities"/>; null for nowhere.</summary>
    public IPEndPoint? MutualTls { get; init; }

    public required IReadOnlyList<X509Certificate2> Authorities { get; init; }

    public required WafSettings Waf { get; init; }

    /// <summary>The TURN servers that are told of what was revoked; null where none is.</summary>
    public TransferNodeSettings? Revocations { get; init; }

    public required AccessPlace Place { get; init; }
}

/// <summary>The pool of a WWSF.</summary>
public sealed record WwsfRole
{
    public required IPEndPoint Listen { get; init; }

    /// <summary>PEM files; null for plain http on loopback.</summary>
    public (string Certificate, string? Key)? Tls { get; init; }

    public required WwsfSettings Wwsf { get; init; }

    public required AccessPlace Place { get; init; }
}
