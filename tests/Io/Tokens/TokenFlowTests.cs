using Portunus.Epcscf;
using Portunus.Nodes.Outside;
using Portunus.Sip;
using Portunus.Tests.Io.Up;
using Portunus.Tests.Io.W2;

namespace Portunus.Tests.Io.Tokens;

/// <summary>A question of a machine goes out, is answered elsewhere, and its answer comes back to the machine's thread.</summary>
public sealed class TokenFlowTests
{
    [Theory]
    [InlineData("bad", 401)]
    [InlineData("later", 503)]
    [InlineData("broken", 503)]
    public async Task A_REGISTER_waits_for_what_is_said_of_its_token(string token, int status)
    {
        // Of a defect nobody hears but by silence; what is said is waited for.
        var patience = TimeSpan.FromSeconds(token == "broken" ? 1 : 20);
        var waf = new TrustedWaf { Issuer = "https://waf.ims.example.net" };
        await using var server = await W2Server.StartAsync(
            changeEdge: settings => settings with { Tokens = new() { Wafs = [waf], Patience = patience } },
            tokens: new Late());
        await using var wic = await SipClient.ConnectAsync(server.Uri, "alice", W2Server.Realm);
        var answer = await wic.RequestAsync(
            wic.Request("REGISTER", $"sip:{W2Server.Realm}", wic.Impu), $"Contact: {wic.Contact};expires=60",
            $"Authorization: Bearer {token}");
        Assert.Equal(status, answer.Status);
        Assert.Equal(status == 401 ? waf.Issuer : null, BearerChallenge.Of(answer)?.AuthorizationServer);
    }

    sealed class Late : ITokenVerifier
    {
        public async Task<EdgeAnswer> VerifyAsync(string token, bool isRecheck, CancellationToken patience)
        {
            await Task.Yield();
            return token switch
            {
                "bad" => new EdgeAnswer.NotVerified(TokenFault.Invalid),
                "later" => new EdgeAnswer.NotVerified(TokenFault.Unavailable),
                _ => throw new InvalidOperationException("a defect"),
            };
        }
    }
}
