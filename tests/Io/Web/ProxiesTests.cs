using System.Net;
using Microsoft.AspNetCore.Http;
using Portunus.Nodes.Web;
using Portunus.Turn;

namespace Portunus.Tests.Io.Web;

/// <summary>Who is behind a proxy, by what it says.</summary>
public class ProxiesTests
{
    static readonly IPAddress Proxy = IPAddress.Parse("10.0.0.1");

    readonly Proxies _proxies = new([AddressRange.Parse("10.0.0.0/8")]);

    [Theory]
    [InlineData("for=192.0.2.7;proto=https", null, "192.0.2.7")]
    [InlineData(null, "192.0.2.7", "192.0.2.7")]
    [InlineData("for=203.0.113.1, for=192.0.2.7, for=10.0.0.9", null, "192.0.2.7")]
    [InlineData("for=192.0.2.7", "192.0.2.7", "192.0.2.7")]
    // The proxy writes one of the two; the other came from its client, who would be anybody.
    [InlineData("for=203.0.113.1", "192.0.2.7", "10.0.0.1")]
    [InlineData("for=unknown", "192.0.2.7", "10.0.0.1")]
    public void A_client_cannot_name_itself_by_the_header_that_its_proxy_does_not_write(string? forwarded, string? other, string client)
    {
        var headers = Headers(("Forwarded", forwarded), ("X-Forwarded-For", other));
        Assert.Equal(IPAddress.Parse(client), _proxies.ClientOf(headers, Proxy));
    }

    [Theory]
    [InlineData("proto=https", "http")]
    [InlineData("proto=http", "https")]
    public void Plain_is_plain_whichever_header_says_so(string forwarded, string other) =>
        Assert.True(Proxies.SaysPlain(Headers(("Forwarded", forwarded), ("X-Forwarded-Proto", other))));

    static HeaderDictionary Headers(params (string Name, string? Value)[] lines)
    {
        var headers = new HeaderDictionary();
        foreach (var (name, value) in lines)
            if (value is not null) headers[name] = value;
        return headers;
    }
}
