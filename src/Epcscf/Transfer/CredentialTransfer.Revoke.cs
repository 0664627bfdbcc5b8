using Portunus.Bedrock;

namespace Portunus.Epcscf;

// The revocation feed: one more statement, for credentials that no server was told of when they were given.
public sealed partial class CredentialTransfer
{
    /// <summary>Revocations whose credentials have not expired; a server that begins anew is told them again.</summary>
    public int Revocations => _statements.Keys.Count(name => name.IsRevocation);

    /// <summary>
    /// Nothing counts any more that was made for a registration. Each server is told until it has answered, and again when it
    /// began anew, until the credentials have expired.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="realm">Of the servers.</param>
    /// <param name="id">The registration's opaque id.</param>
    /// <param name="expires">Unix seconds.</param>
    /// <param name="servers">Their names; a name that is not in the settings is left out.</param>
    /// <returns>False when there is no room: nobody will hear of it.</returns>
    public bool TryRevoke(Instant now, string realm, string id, long expires, IReadOnlyCollection<string> servers)
    {
        var name = new CredentialName(realm, id, IsRevocation: true);
        if (!_statements.TryGetValue(name, out var statement))
        {
            if (_statements.Count >= _settings.Credentials) return false;
            _statements.Add(name, statement = new(name, _servers.Length));
        }

        statement.Told |= _servers.Where(server => servers.Contains(server.Name)).Sum(server => server.Bit);
        Say(now, statement, null, Math.Max(expires, statement.Ends));
        return true;
    }

    /// <summary>A server that began anew has forgotten whom it denies.</summary>
    void RevokeAgain(TransferServer server)
    {
        foreach (var statement in _statements.Values)
            if (statement.Name.IsRevocation && statement.IsTold(server)) Offer(server, statement);
    }
}
