using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Tests.Io.Relay;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Io.Matrix;

/// <summary>
/// Each solution in each scenario over real sockets: it registers, gets its credential, allocates and relays a datagram; or it is
/// refused with its reason. Scenario 1 is SIP Digest.
/// </summary>
public sealed class MatrixTests
{
    [Fact(DisplayName = "S0 in S1")]
    public async Task S0_in_S1()
    {
        await using var system = await MatrixSystem.StartAsync("S0");
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        // Nothing is given: the user has his password.
        Assert.Null(MatrixClient.Read(await wic.RegisterAsync()));
        using var client = MatrixClient.Relay(() => wic.Open($"alice@{MatrixSystem.Realm}", MatrixSystem.SipPassword));
    }

    [Fact(DisplayName = "S0 in S2")]
    public Task S0_in_S2() => S0IsRefusedAsync("S2");

    [Fact(DisplayName = "S0 in S3")]
    public Task S0_in_S3() => S0IsRefusedAsync("S3");

    [Fact(DisplayName = "OAuth in S1")]
    public async Task OAuth_in_S1()
    {
        await using var system = await MatrixSystem.StartAsync("OAuth");
        await using var wic = await MatrixClient.ConnectAsync(system, "S1");
        Assert.Null(MatrixClient.Read(await wic.RegisterAsync("oauth")));
        var (status, json) = await wic.AskWafAsync();
        Assert.Equal((HttpStatusCode.Forbidden, "insufficient_scope"), (status, json.Text("error")));
        Assert.Contains("Nobody has authenticated the user", json.Text("error_description"), StringComparison.Ordinal);
        Assert.Contains("ask the eP-CSCF", json.Text("error_description"), StringComparison.Ordinal);
    }

    [Fact(DisplayName = "OAuth in S2")]
    public Task OAuth_in_S2() => OAuthWorksAsync("S2");

    [Fact(DisplayName = "OAuth in S3")]
    public Task OAuth_in_S3() => OAuthWorksAsync("S3");

    [Fact(DisplayName = "A1 in S1")]
    public Task A1_in_S1() => WorksAsync("A1", "S1", "password");

    [Fact(DisplayName = "A1 in S2")]
    public Task A1_in_S2() => WorksAsync("A1", "S2", "password");

    [Fact(DisplayName = "A1 in S3")]
    public Task A1_in_S3() => WorksAsync("A1", "S3", "password");

    [Fact(DisplayName = "A2 push in S1")]
    public Task A2_push_in_S1() => WorksAndEndsAsync("A2 push", "S1");

    [Fact(DisplayName = "A2 push in S2")]
    public Task A2_push_in_S2() => WorksAndEndsAsync("A2 push", "S2");

    [Fact(DisplayName = "A2 push in S3")]
    public Task A2_push_in_S3() => WorksAndEndsAsync("A2 push", "S3");

    [Fact(DisplayName = "A2 pull in S1")]
    public Task A2_pull_in_S1() => WorksAndEndsAsync("A2 pull", "S1");

    [Fact(DisplayName = "A2 pull in S2")]
    public Task A2_pull_in_S2() => WorksAndEndsAsync("A2 pull", "S2");

    [Fact(DisplayName = "A2 pull in S3")]
    public Task A2_pull_in_S3() => WorksAndEndsAsync("A2 pull", "S3");

    [Fact(DisplayName = "A2 integrated in S1")]
    public Task A2_integrated_in_S1() => WorksAndEndsAsync("A2 integrated", "S1");

    [Fact(DisplayName = "A2 integrated in S2")]
    public Task A2_integrated_in_S2() => WorksAndEndsAsync("A2 integrated", "S2");

    [Fact(DisplayName = "A2 integrated in S3")]
    public Task A2_integrated_in_S3() => WorksAndEndsAsync("A2 integrated", "S3");

    [Fact(DisplayName = "Combined in S1")]
    public Task Combined_in_S1() => WorksAsync("Combined", "S1", "oauth", "password");

    [Fact(DisplayName = "Combined in S2")]
    public Task Combined_in_S2() => WorksAsync("Combined", "S2", "oauth", "password");

    [Fact(DisplayName = "Combined in S3")]
    public Task Combined_in_S3() => WorksAsync("Combined", "S3", "oauth", "password");

    static async Task WorksAsync(string solution, string scenario, params string[] types)
    {
        await using var system = await MatrixSystem.StartAsync(solution);
        await using var wic = await MatrixClient.ConnectAsync(system, scenario);
        foreach (var type in types)
        {
            var credential = await wic.CredentialAsync(type);
            Assert.Equal(type, credential.Type);
            using var client = MatrixClient.Relay(() => wic.Open(credential));
        }
    }

    /// <summary>Approach 2: with the registration the relay ends, too.</summary>
    static async Task WorksAndEndsAsync(string solution, string scenario)
    {
        await using var system = await MatrixSystem.StartAsync(solution);
        await using var wic = await MatrixClient.ConnectAsync(system, scenario);
        var credential = await wic.CredentialAsync();
        using var client = MatrixClient.Relay(() => wic.Open(credential));
        await wic.RegisterAsync(expires: 0);
        await Eventually.TrueAsync(() => system.Turn.Sessions().Length == 0);
        using var again = wic.Open(credential);
        Assert.Equal(ErrorCode.Unauthenticated, again.Allocate().Error);
    }

    static async Task S0IsRefusedAsync(string scenario)
    {
        await using var system = await MatrixSystem.StartAsync("S0");
        await using var wic = await MatrixClient.ConnectAsync(system, scenario);
        var registered = await wic.RegisterAsync();
        Assert.Null(MatrixClient.Read(registered));
        Assert.Contains(
            "This subscriber has no password that a TURN server could know", registered.Get("Warning"), StringComparison.Ordinal);
    }

    static async Task OAuthWorksAsync(string scenario)
    {
        await using var system = await MatrixSystem.StartAsync("OAuth");
        await using var wic = await MatrixClient.ConnectAsync(system, scenario);
        Assert.Null(MatrixClient.Read(await wic.RegisterAsync("oauth")));
        var (status, json) = await wic.AskWafAsync();
        Assert.Equal(HttpStatusCode.OK, status);
        var token = new IssuedToken(
            json.Text("kid"), Bytes.Copy(Convert.FromBase64String(json.Text("key"))),
            Bytes.Copy(Convert.FromBase64String(json.Text("access_token"))), MatrixSystem.TurnName,
            json.GetProperty("expires_in").GetUInt32());
        using var client = MatrixClient.Relay(() => new RawClient(system.Turn.Listeners[0], token));
    }
}
