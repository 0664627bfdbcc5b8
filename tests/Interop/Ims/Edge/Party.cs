using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>A WIC, and the lines that each of its requests but ACK and CANCEL has.</summary>
/// <param name="Client">Sends and receives.</param>
/// <param name="Lines">A bearer, in a scenario of tokens.</param>
sealed record Party(SipClient Client, params string[] Lines) : IAsyncDisposable
{
    public const string CredentialHeader = "Turn-Credential";

    /// <summary>A WIC that shows a token.</summary>
    /// <param name="client">Sends and receives.</param>
    /// <param name="token">Its access token.</param>
    /// <param name="form">How it is written: <c>{0}</c> alone (RFC 6750), or within a parameter.</param>
    public static Party OfToken(SipClient client, string token, string form = "{0}") =>
        new(client, $"Authorization: Bearer {string.Format(null, form, token)}");

    /// <summary>Registers by its token; the final answer.</summary>
    /// <param name="expires">In seconds; 0 ends the registration.</param>
    public Task<SipMessage> RegisterAsync(int expires = 600) => AskAsync(
        Client.Request("REGISTER", $"sip:{Client.Realm}", Client.Impu), $"Contact: {Client.Contact};expires={expires}",
        "Turn-Credential-Request: password");

    /// <summary>An OPTIONS to the home domain: asks for a fresh credential without a new registration.</summary>
    public Task<SipMessage> AskAgainAsync() => AskAsync(
        Client.Request("OPTIONS", $"sip:{Client.Realm}", $"sip:{Client.Realm}"), "Turn-Credential-Request: password");

    /// <summary>Sends a request with its own lines and more; its final answer.</summary>
    public Task<SipMessage> AskAsync(string head, params string[] more) => Client.RequestAsync(head, [.. Lines, .. more]);

    public Task SendAsync(string head, params string[] more) => Client.SendAsync(head, [.. Lines, .. more]);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    /// <summary>The credential that a message brings; a test that looks for one fails without.</summary>
    public static PasswordCredential Credential(SipMessage message)
    {
        Assert.True(TypedValue.TryParse(message.Get(CredentialHeader), out var typed));
        var parameters = typed.Parameters.Select(one => new NameValue(one.Name, one.Value ?? "", one.Quoted)).ToArray();
        Assert.True(TurnCredential.TryRead(typed.Type, parameters, out var credential));
        return Assert.IsType<PasswordCredential>(credential);
    }
}
