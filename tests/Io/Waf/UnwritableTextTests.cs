using System.Net;
using System.Net.Http.Headers;
using System.Text;

namespace Portunus.Tests.Io.Waf;

/// <summary>Text that one of the data bases cannot hold.</summary>
public class UnwritableTextTests
{
    [Theory]
    [InlineData("/oauth/token", "grant_type=client_credentials&client_id=a%00b&client_secret=c", null)]
    [InlineData("/oauth/introspect", "token=a%00b&client_id=native", null)]
    [InlineData("/oauth/token", "grant_type=client_credentials", "a\0b:c")]
    [InlineData("/oauth/token", "grant_type=client_credentials", "a%00b:c")]
    [InlineData("/oauth/authorize?client_id=a%00b", "user=x", null)]
    public async Task A_zero_character_is_refused_before_the_data_base_sees_it(string path, string form, string? basic)
    {
        await using var waf = await WafStand.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(form, Encoding.UTF8, "application/x-www-form-urlencoded"),
        };
        if (basic is not null)
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(basic)));
        using var answer = await waf.Browser.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Contains("U+0000", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }
}
