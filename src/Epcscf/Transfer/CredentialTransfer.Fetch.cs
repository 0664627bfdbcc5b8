using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

// Pull: a credential that was pushed to nobody, or not to this server, is told to the server that asks.
public sealed partial class CredentialTransfer
{
    /// <summary>
    /// A server asks for a credential. From now on it hears all that is said of it: that it has more time, and that it is withdrawn.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="server">Of the settings.</param>
    /// <param name="realm">Of the credential.</param>
    /// <param name="username">Of the credential.</param>
    public FetchAnswer Fetch(Instant now, string server, string realm, string username)
    {
        if (_statements.GetValueOrDefault(new(realm, username)) is not { Credential: { } credential } statement)
            return new FetchAnswer.Unknown();
        var asking = _servers.FirstOrDefault(one => one.Name == server);
        if (asking is null || credential.Expires <= now.UnixSeconds) return new FetchAnswer.Unknown();
        if (asking.IsSynchronising) return new FetchAnswer.Later();
        Number(statement);
        statement.Told |= asking.Bit;
        // Whether the answer arrives or not: who has not got it will ask again.
        statement.Slots[asking.Number].Heard = statement.Version;
        return new FetchAnswer.Told(statement.Credential!);
    }
}
