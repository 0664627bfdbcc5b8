using Portunus.Nodes.Redis;

namespace Portunus.Server.Configuration;

/// <summary>The Redis that a coturn reads its users from.</summary>
[Says("The Redis that a coturn reads its users from (its redis-userdb), for push: what must be known of a credential is written there.")]
sealed record RedisSection
{
    [Says("Where it is: rediss over TLS, with the certificate of \"transfer\"; redis without, on this machine alone."),
     Form(nameof(Forms.RedisAddress), "rediss://redis1.example.net:6380/")]
    public required Uri Address { get; init; }

    [Says("The number of its data base, coturn's dbname."), Between(0, 1023)]
    public int Database { get; init; }

    [Says("The user of its access lists; the default user when left out."), Form(nameof(Forms.UserName), "epcscf")]
    public string? User { get; init; }

    [Says("\"@file\", \"env:NAME\", or the password itself; none when left out."), Form(nameof(Forms.Secret), "@redis-password")]
    public Secret? Password { get; init; }

    /// <param name="edge">Its name, each its own.</param>
    public RedisAccess ToAccess(string edge) => new()
    {
        Edge = edge, Database = Database, User = User, Password = Password?.Value,
    };
}
