using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Tls;

namespace Portunus.Tests.Io.Serve;

/// <summary>A coturn behind its Redis in the configuration: what fits, and what the bridge cannot carry.</summary>
public sealed class RedisSectionTests : IDisposable
{
    const string Here = "\"redis\": { \"address\": \"redis://127.0.0.1:6379/\", \"database\": 3, \"password\": \"@alice-password\" }";
    const string There = "\"redis\": { \"address\": \"rediss://redis1.example.net:6380/\" }";
    const string Ours = "\"credentials\": \"https://turn1.example.net:8446/\"";

    readonly ConfigurationFolder _folder = new();
    readonly Authority _authority = new();

    public void Dispose()
    {
        _folder.Dispose();
        _authority.Dispose();
    }

    [Fact]
    public void A_Redis_on_this_machine_needs_no_certificate_and_any_other_does()
    {
        Assert.Equal((0, ""), Check(Edge("push", Here)));
        Refuses(Edge("push", There), "epcscf.provisioning: the edge needs a certificate");
        Refuses(Edge("push", Here, Ours), "epcscf.provisioning: the edge needs a certificate");
        Assert.Equal((0, ""), Check(WithTransfer(Edge("push", Here, There, Ours))));
    }

    [Theory]
    [InlineData("pull", Here, "turnServers[0].redis: coturn hears of credentials in push alone")]
    [InlineData("integrated", Here, "turnServers[0].redis: coturn hears of credentials in push alone")]
    [InlineData("shared-secret", Here, "turnServers[0].redis: coturn hears of credentials in push alone")]
    [InlineData("push", Here + ", " + Ours, "turnServers[0].redis: it stands in the place of \"credentials\"")]
    [InlineData("push", Here + ", \"realm\": \"of a name\"", "turnServers[0].redis: coturn cannot ask Redis for a realm with a space")]
    [InlineData(
        "push", "\"redis\": { \"address\": \"redis://redis1.example.net:6379/\" }",
        "redis.address: 'redis://redis1.example.net:6379/' would carry")]
    [InlineData("push", "\"redis\": { \"address\": \"redis://127.0.0.1/\" }", "redis.address: 'redis://127.0.0.1/' is no redis")]
    [InlineData(
        "push", "\"redis\": { \"address\": \"redis://127.0.0.1:6379/\", \"database\": -1 }", "turnServers[0].redis.database:")]
    public void What_does_not_fit_is_said_by_check(string way, string server, string sentence) =>
        Refuses(WithTransfer(Edge(way, server)), sentence);

    [Fact]
    public void Limits_and_revocations_that_coturn_cannot_be_told_of_are_mistakes_beside_it()
    {
        Refuses(
            Edge("push", Here).Replace("\"approach\"", "\"limits\": { \"maxAllocations\": 2 }, \"approach\"", StringComparison.Ordinal),
            "epcscf.provisioning.limits: coturn knows no limits of a credential");
        Refuses(
            WithTransfer(Edge("shared-secret", Here)).Replace(
                "\"approach\"", "\"revocations\": true, \"approach\"", StringComparison.Ordinal),
            "turnServers[0].redis: coturn cannot be told whom to deny");
    }

    [Fact]
    public void Two_of_one_Redis_and_one_realm_would_end_the_credentials_of_each_other()
    {
        Refuses(Edge("push", Here, Here), "epcscf.provisioning.turnServers: two have one Redis and one realm");
        var another = Here.Replace("\"database\": 3", "\"database\": 4", StringComparison.Ordinal);
        Assert.Equal((0, ""), Check(Edge("push", Here, another)));
    }

    [Fact]
    public void A_password_in_the_address_is_refused_and_not_repeated()
    {
        var (code, errors) = Check(Edge("push", "\"redis\": { \"address\": \"redis://:hunter2@127.0.0.1:6379/\" }"));
        Assert.Equal(1, code);
        Assert.Contains("no password stands in it", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", errors, StringComparison.Ordinal);
    }

    void Refuses(string text, string sentence)
    {
        var (code, errors) = Check(text);
        Assert.Equal(1, code);
        Assert.Contains(sentence, errors, StringComparison.Ordinal);
    }

    (int Code, string Errors) Check(string text)
    {
        var (code, _, errors) = PortunusProcess.Run(["check", _folder.Write("edge.json", text)]);
        return (code, errors);
    }

    static string Edge(string way, params string[] servers) => $$"""
        { "domain": "ims.example.net",
          "core": { "subscribers": [{ "name": "alice", "password": "@alice-password" }] },
          "epcscf": { "host": "epcscf.ims.example.net",
            "web": { "http": ["127.0.0.1:0"], "trustedProxies": ["127.0.0.1"] },
            "provisioning": { "approach": "{{way}}", "secret": "@turn-secret",
              "turnServers": [{{string.Join(", ", servers.Select(Server))}}] } } }
        """;

    static string Server(string told, int number) => $$"""{ "uris": ["turn:turn{{number}}.example.net"], {{told}} }""";

    string WithTransfer(string text)
    {
        var files = _authority.Client("epcscf.ims.example.net");
        return text.Replace(
            "\"approach\"",
            $"\"transfer\": {{ \"certificate\": \"{files.Certificate}\", \"certificateKey\": \"{files.Key}\", "
            + $"\"authorities\": \"{files.Authorities}\" }}, \"approach\"", StringComparison.Ordinal);
    }
}
