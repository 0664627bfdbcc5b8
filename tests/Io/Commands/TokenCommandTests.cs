using System.Text.Json;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Commands;

/// <summary><c>portunus token mint</c> as a process, and <c>portunus turn</c>, which takes what it makes.</summary>
public sealed class TokenCommandTests
{
    const string Key = "waf1-turn1-1:A256GCM:SEdrajMyS0pHaXV5MDk4c2RmYXFiTmpPaWF6NzE5MjM=";
    const string Server = "turn1.example.org";

    static readonly Dictionary<string, string> Environment = new() { ["KEY"] = Key };

    static readonly string[] Turn =
    [
        "turn", "--listen", "127.0.0.1:0", "--relay-address", "127.0.0.1", "--realm", "example.org",
        "--allow-peer", "127.0.0.0/8",
    ];

    [Fact]
    public void It_prints_the_token_response_of_RFC_7635_as_JSON_alone()
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", "env:KEY", "--server-name", Server, "--lifetime", "900"], Environment);
        Assert.Equal(0, code);
        Assert.Empty(errors);
        using var json = JsonDocument.Parse(output);
        Assert.Equal(["access_token", "token_type", "expires_in", "kid", "key", "alg"],
            json.RootElement.EnumerateObject().Select(member => member.Name));
        string Text(string name) => json.RootElement.GetProperty(name).GetString()!;
        Assert.Equal(("pop", "waf1-turn1-1", "HMAC-SHA-1"), (Text("token_type"), Text("kid"), Text("alg")));
        Assert.Equal(900, json.RootElement.GetProperty("expires_in").GetInt32());
        Assert.DoesNotContain("\\u", output, StringComparison.Ordinal);

        using var seal = new TokenSeal(TokenKey.Parse(Key), Server);
        Assert.True(seal.TryOpen(Convert.FromBase64String(Text("access_token")), out var opened));
        Assert.Equal(Convert.FromBase64String(Text("key")), opened.MacKey.Span);
        Assert.Equal(900u, opened.Lifetime);
        Assert.True(opened.IsFresh(SystemClock.Now.UnixSeconds));
    }

    [Fact]
    public void Each_token_has_an_id_and_a_key_of_its_own()
    {
        var tokens = Enumerable.Range(0, 2).Select(_ => Mint()).ToArray();
        Assert.NotEqual(tokens[0].AccessToken.Span[2..10].ToArray(), tokens[1].AccessToken.Span[2..10].ToArray());
        Assert.NotEqual(tokens[0].MacKey, tokens[1].MacKey);
    }

    [Theory]
    [InlineData(2, "--lifetime", "0")]
    [InlineData(2, "--lifetime", "86401")]
    [InlineData(2, "--lifetime", "-1")]
    [InlineData(2, "--nonsense", "1")]
    [InlineData(2, "--key", "waf:A256GCM:c2hvcnQ=")]
    [InlineData(1, "--key", "env:PORTUNUS_NO_SUCH_VARIABLE")]
    [InlineData(1, "--key", "@/nonexistent/file")]
    public void What_makes_no_token_is_an_error_and_prints_none(int expected, string flag, string value)
    {
        var key = flag == "--key" ? Array.Empty<string>() : ["--key", "env:KEY"];
        var (code, output, errors) = PortunusProcess.Run(
            ["token", "mint", .. key, "--server-name", Server, flag, value], Environment);
        Assert.Equal(expected, code);
        Assert.Empty(output);
        Assert.Contains(flag, errors, StringComparison.Ordinal);
        Assert.DoesNotContain("c2hvcnQ", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_that_is_longer_than_it_counts_is_warned_about()
    {
        var longer = new Dictionary<string, string> { ["KEY"] = Key.Replace("A256GCM", "A128GCM", StringComparison.Ordinal) };
        var (code, _, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", "env:KEY", "--server-name", Server], longer);
        Assert.Equal(0, code);
        Assert.Contains("its first 16 bytes count", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void A_user_a_secret_and_a_token_are_served_at_one_listener_and_a_token_for_another_server_is_not()
    {
        using var server = PortunusProcess.Serve(
            [.. Turn, "--user", "alice:secret", "--secret", "north", "--oauth-key", Key, "--server-name", Server]);
        var minted = TimeLimitedCredential.MintFor(new(SecretHash.Sha1, "north"u8), SystemClock.Now.UnixSeconds + 60, "carol");
        RawClient[] clients =
        [
            new(server.Listeners[0], "alice", "secret"), new(server.Listeners[0], minted.Username, minted.Password),
            new(server.Listeners[0], Mint()), new(server.Listeners[0], Mint("turn2.example.org")),
        ];
        Assert.Equal([null, null, null, ErrorCode.Unauthenticated], clients.Select(client => client.Allocate().Error));
        foreach (var client in clients) client.Dispose();
        Assert.Equal(0, server.Terminate());
        Assert.Matches("began: .* by Token [0-9a-f]{16}", server.Errors);
        Assert.DoesNotContain("SEdrajMy", server.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Tokens_alone_are_enough_and_are_made_for_the_realm_unless_the_server_has_a_name()
    {
        using var server = PortunusProcess.Serve([.. Turn, "--oauth-key", Key]);
        using var client = new RawClient(server.Listeners[0], Mint("example.org", lifetime: 300));
        Assert.InRange(client.Allocate().Lifetime, 1u, 300u);
    }

    [Fact]
    public void Nobody_to_serve_is_wrong_usage_that_names_the_three_flags()
    {
        var (code, _, errors) = PortunusProcess.Run(Turn);
        Assert.Equal(2, code);
        Assert.Contains("--user, --secret or --oauth-key", errors, StringComparison.Ordinal);
    }

    [Fact]
    public void Strict_expiry_and_limits_hold_for_names_of_a_secret()
    {
        using var server = PortunusProcess.Serve(
            [.. Turn, "--secret", "north", "--strict-expiry", "--limits", "few:max-allocations=1,peer=127.0.0.2"]);
        var minted = TimeLimitedCredential.MintFor(
            new(SecretHash.Sha1, "north"u8), SystemClock.Now.UnixSeconds + 60, "4f9c2d7e1b6a.few");
        using var first = new RawClient(server.Listeners[0], minted.Username, minted.Password);
        using var second = new RawClient(server.Listeners[0], minted.Username, minted.Password);
        Assert.InRange(first.Allocate().Lifetime, 1u, 61u);
        Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);
        Assert.Null(first.Permit(TransportAddress.IPv4(0x7F000002, 0)).Error);
        Assert.Equal(ErrorCode.Forbidden, first.Permit(TransportAddress.IPv4(0x7F000003, 0)).Error);
    }

    [Fact]
    public void Limits_hold_for_tokens_and_not_for_the_others()
    {
        using var server = PortunusProcess.Serve(
            [.. Turn, "--user", "alice:secret", "--oauth-key", Key, "--server-name", Server,
                "--limits", "few:max-allocations=1,peer=127.0.0.2", "--token-limits", "few"]);
        var token = Mint();
        using var first = new RawClient(server.Listeners[0], token);
        using var second = new RawClient(server.Listeners[0], token);
        Assert.Null(first.Allocate().Error);
        Assert.Equal(ErrorCode.AllocationQuotaReached, second.Allocate().Error);
        Assert.Null(first.Permit(TransportAddress.IPv4(0x7F000002, 0)).Error);
        Assert.Equal(ErrorCode.Forbidden, first.Permit(TransportAddress.IPv4(0x7F000003, 0)).Error);
        using var alice = new RawClient(server.Listeners[0], "alice", "secret");
        using var another = new RawClient(server.Listeners[0], "alice", "secret");
        Assert.Equal((null, null), (alice.Allocate().Error, another.Allocate().Error));
    }

    static IssuedToken Mint(string server = Server, int lifetime = 1800)
    {
        var (code, output, errors) = PortunusProcess.Run(
            ["token", "mint", "--key", "env:KEY", "--server-name", server, "--lifetime", $"{lifetime}"], Environment);
        Assert.True(code == 0, errors);
        using var json = JsonDocument.Parse(output);
        Bytes Binary(string name) => Bytes.Copy(json.RootElement.GetProperty(name).GetBytesFromBase64());
        var kid = json.RootElement.GetProperty("kid").GetString()!;
        return new(kid, Binary("key"), Binary("access_token"), server, (uint)lifetime);
    }
}
