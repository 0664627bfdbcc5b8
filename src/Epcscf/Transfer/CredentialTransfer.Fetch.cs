using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

// Pull: a credential that was pushed to nobody, or not to this server, is told to the server that asks.
public sealed partial class CredentialTransfer
{
    /// <summary>
    /// A server asks for a credential; null when there is none. From now on the server hears all that is said of it: that it has
    /// more time, and that it is withdrawn.
    /// </summary>
    /// <param name="now">The time.</param>
    /// <param name="server">Of the settings.</param>
    /// <param name="realm">Of the credential.</param>
    /// <param name="username">Of the credential.</param>
    public PushedCredential? Fetch(Instant now, string server, string realm, string username)
    {
        if (_statements.GetValueOrDefault(new(realm, username)) is not { Credential: { } credential } statement) return null;
        var asking = _servers.FirstOrDefault(one => one.Name == server);
        if (asking is null || credential.Expires <= now.UnixSeconds) return null;
        // Above every set that is under way to it: that one ends what is not in it.
        Number(now, statement);
        statement.Told |= asking.Bit;
        // Whether the answer arrives or not: who has not got it will ask again.
        statement.Slots[asking.Number].Heard = statement.Version;
        return statement.Credential;
    }
}
