using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Tests.Io.Up;

namespace Portunus.Tests.Interop.Ims.Edge;

/// <summary>A WIC, and the lines that each of its requests has.</summary>
/// <param name="Client">Sends and receives.</param>
/// <param name="Lines">A bearer, in a scenario of tokens.</param>
sealed record Party(SipClient Client, params string[] Lines) : IAsyncDisposable
{
    public const string CredentialHeader = "Turn-Credential";

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
