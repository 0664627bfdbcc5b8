using System.Net;

namespace Portunus.Tests.Io.Waf;

/// <summary>What a page of another origin may ask of a WAF.</summary>
public class PageOriginTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("https://wwsf.example.test", "/oauth/token", true)]
    [InlineData("https://wwsf.example.test", "/turn/token", true)]
    [InlineData("https://wwsf.example.test:444", "/oauth/token", false)]
    [InlineData("http://wwsf.example.test", "/oauth/token", false)]
    [InlineData("https://evil.example.test", "/turn/token", false)]
    [InlineData("null", "/turn/token", false)]
    [InlineData("https://wwsf.example.test", "/oauth/authorize", false)]
    [InlineData("https://wwsf.example.test", "/oauth/introspect", false)]
    public async Task Only_the_origins_of_redirect_URIs_ask_for_tokens(string origin, string path, bool mayAsk)
    {
        await using var waf = await WafStand.StartAsync();
        using HttpRequestMessage preflight = new(HttpMethod.Options, path);
        preflight.Headers.Add("Origin", origin);
        preflight.Headers.Add("Access-Control-Request-Method", "POST");
        using var answer = await waf.Browser.SendAsync(preflight, Stop);
        Assert.Equal(mayAsk, answer.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(mayAsk, answer.Headers.Contains("Access-Control-Allow-Origin"));
        Assert.False(answer.Headers.Contains("Access-Control-Allow-Credentials"));
    }

    [Fact]
    public async Task A_page_reads_the_answer_and_others_do_not()
    {
        await using var waf = await WafStand.StartAsync();
        foreach (var (origin, mayRead) in new[] { ("https://wwsf.example.test", true), ("https://evil.example.test", false) })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, "/turn/token");
            request.Headers.Add("Origin", origin);
            using var answer = await waf.Browser.SendAsync(request, Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
            Assert.Equal(mayRead, answer.Headers.Contains("Access-Control-Allow-Origin"));
        }
    }
}
