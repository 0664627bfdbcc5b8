using System.Net;
using System.Text;
using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;

namespace Portunus.Tests.Io.Wic;

/// <summary>
/// A WAF whose TURN tokens are as old as a test wants, which a real one's never are; sealed with the TURN server's own key.
/// </summary>
sealed class TurnTokenStub : IDisposable
{
    readonly HttpListener _listener = new();
    readonly TimeSpan[] _ages;

    TurnTokenStub(TimeSpan[] ages) => _ages = ages;

    public Uri Issuer { get; private set; } = null!;

    /// <summary>The clock of its Date is as far ahead.</summary>
    public TimeSpan Ahead { get; init; }

    /// <param name="ahead">Of its clock.</param>
    /// <param name="ages">Of one token after the other; the last of all that follow.</param>
    public static TurnTokenStub Start(TimeSpan ahead, params TimeSpan[] ages)
    {
        for (var attempt = 0; ; attempt++)
        {
            var stub = new TurnTokenStub(ages) { Ahead = ahead };
            using (var free = Nodes.Web.LoopbackPort.Bind("--waf", 0)) stub.Issuer = new($"http://127.0.0.1:{free.Port}/");
            stub._listener.Prefixes.Add(stub.Issuer.AbsoluteUri);
            try
            {
                stub._listener.Start();
                _ = stub.ServeAsync();
                return stub;
            }
            catch (HttpListenerException) when (attempt < 10)
            {
                // Taken between the two.
            }
        }
    }

    public void Dispose() => _listener.Close();

    async Task ServeAsync()
    {
        using var issuer = new TokenIssuer(WafSystem.Key, WafSystem.TurnName, new SystemRandom());
        for (var made = 0; _listener.IsListening;)
            try
            {
                var context = await _listener.GetContextAsync();
                context.Response.Headers["Date"] = (DateTimeOffset.UtcNow + Ahead).ToString("r");
                var isToken = context.Request.Url!.AbsolutePath == "/turn/token";
                object answer = isToken
                    ? Describe(issuer.Issue(
                        SystemClock.Now + -_ages[Math.Min(made++, _ages.Length - 1)], issuer.DrawId(), lifetime: 60, keyLength: 32))
                    : new { issuer = Issuer.AbsoluteUri, token_endpoint = $"{Issuer}token" };
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(answer)));
                context.Response.Close();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException)
            {
                return;
            }
    }

    static object Describe(IssuedToken token) => new
    {
        access_token = Convert.ToBase64String(token.AccessToken.Span), token_type = "pop", expires_in = token.Lifetime,
        kid = token.Kid, key = Convert.ToBase64String(token.MacKey.Span),
    };
}
