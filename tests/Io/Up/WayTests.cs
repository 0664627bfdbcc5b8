using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Stun;
using Portunus.Tests.Io.Matrix;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Up;

/// <summary>What `portunus up` serves beside the telephone by SIP password: the ways of provisioning, a WAF, and a pool.</summary>
public sealed class WayTests(LoopbackFixture fixture) : IClassFixture<LoopbackFixture>
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("password", "^password;.*username=\"\\d{10}:[0-9a-f]{16}\"")]
    [InlineData("oauth", "^oauth;.*kid=\"epcscf-1\"")]
    [InlineData("password;way=\"a1\"", "^password;.*username=\"\\d{10}:[0-9a-f]{16}\"")]
    [InlineData("password;way=\"a2-push\"", "^password;.*username=\"[0-9a-f]{16}\"")]
    [InlineData("password;way=\"a2-pull\"", "^password;.*username=\"[0-9a-f]{16}-pull\"")]
    [InlineData("password;way=\"a2-integrated\"", "^password;.*username=\"[0-9a-f]{16}-integrated\"")]
    [InlineData("oauth;way=\"combined\"", "^oauth;.*kid=\"epcscf-1\".*server-name=\"turn.ims.localhost\"")]
    [InlineData("password;WAY=combined", "^password;.*username=\"\\d{10}:")]
    [InlineData("oauth;way=\"a1\"", null)]
    [InlineData("oauth;way=\"a2-push\"", null)]
    [InlineData("password;way=\"s0\"", null)]
    [InlineData("password;way=\"another\"", null)]
    public async Task A_window_chooses_its_way_and_one_that_is_not_there_gives_nothing(string ask, string? given)
    {
        await using var alice = await fixture.ConnectAsync("alice");
        var answer = await alice.RegisterAsync(LoopbackFixture.Password, ask: ask);
        Assert.Equal(200, answer.Status);
        var credential = answer.Get("Turn-Credential");
        if (given is null) Assert.Null(credential);
        else Assert.Matches(given, credential);
    }

    [Fact]
    public async Task A_window_that_tries_all_ways_has_a_credential_of_each_whose_relays_reach_each_other_until_it_signs_out()
    {
        await using var alice = await fixture.ConnectAsync("alice");
        List<PasswordCredential> credentials = [];
        foreach (var way in (string[])["a1", "a2-push", "a2-pull", "a2-integrated"]) credentials.Add(await GivenAsync(alice, way));
        Assert.NotEqual(credentials[0].Uris[0], credentials[3].Uris[0]);
        var clients = credentials.ConvertAll(Open);
        try
        {
            List<Answer> relays = [];
            foreach (var client in clients) relays.Add(await AllocatedAsync(client));
            foreach (var (here, from) in clients.Zip(relays))
            foreach (var (there, to) in clients.Zip(relays).Where(other => other.First != here))
            {
                Assert.Null(here.Permit(to.Relayed).Error);
                Assert.Null(there.Permit(from.Relayed).Error);
                here.Send(to.Relayed, "over here"u8);
                Assert.Equal("over here"u8, there.Receive());
            }
        }
        finally
        {
            foreach (var client in clients) client.Dispose();
        }

        Assert.Equal(200, (await alice.RegisterAsync(LoopbackFixture.Password, expires: 0)).Status);
        foreach (var ended in credentials.Skip(1))
            await Eventually.TrueAsync(() =>
            {
                using var late = Open(ended);
                return late.Allocate().Error == ErrorCode.Unauthenticated;
            });
    }

    [Fact]
    public async Task A_guest_gets_an_identity_registers_by_its_token_and_buys_both_kinds_of_credential_with_it()
    {
        using var http = NewClient();
        var lease = await LeaseAsync(http);
        var (impu, token) = (lease.GetProperty("impu").GetString()!, lease.GetProperty("access_token").GetString()!);
        Assert.Matches("^sip:guest[1-8]@ims.localhost$", impu);
        await using var guest = await fixture.ConnectAsync(impu["sip:".Length..impu.IndexOf('@')]);
        var registered = await guest.RequestAsync(
            guest.Request("REGISTER", "sip:ims.localhost", impu),
            $"Contact: {guest.Contact};+sip.instance=\"<urn:uuid:{Guid.NewGuid()}>\";reg-id=1;expires=600",
            "Supported: path, outbound", $"Authorization: Bearer {token}", "Turn-Credential-Request: password;way=s0");
        Assert.Equal(200, registered.Status);
        // S0 has nothing for who has no SIP password, and says so.
        Assert.Contains("This subscriber has no password", registered.Get("Warning"), StringComparison.Ordinal);

        http.DefaultRequestHeaders.Authorization = new("Bearer", token);
        using var bought = await http.PostAsync("/turn/credentials", null, Stop);
        var servers = (await bought.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("iceServers");
        Assert.Matches("^turn:127.0.0.1:", servers[0].GetProperty("urls")[0].GetString());
        using FormUrlEncodedContent form = new(new Dictionary<string, string>
        {
            ["aud"] = "turn.ims.localhost", ["grant_type"] = "implicit", ["token_type"] = "pop",
        });
        using var issued = await http.PostAsync("/turn/token", form, Stop);
        Assert.Equal("waf-1", (await issued.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("kid").GetString());

        using var ended = await http.DeleteAsync("/wwsf/lease", Stop);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
    }

    [Fact]
    public async Task Without_a_token_neither_path_gives_anything()
    {
        using var http = NewClient();
        foreach (var path in (string[])["/turn/credentials", "/turn/token"])
        {
            using var answer = await http.PostAsync(path, null, Stop);
            Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("/oauth/authorize")]
    [InlineData("/wwsf/lease")]
    [InlineData("/.well-known/jwks")]
    public async Task What_is_mounted_is_for_this_machine_only(string path)
    {
        using var http = NewClient();
        using HttpRequestMessage request = new(HttpMethod.Get, path);
        request.Headers.Host = "localhost.example.net";
        using var answer = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        using HttpRequestMessage forwarded = new(HttpMethod.Get, path);
        forwarded.Headers.Add("X-Forwarded-For", "192.0.2.1");
        using var refused = await http.SendAsync(forwarded, Stop);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
    }

    [Fact]
    public async Task A_WAF_on_localhost_binds_no_other_program_of_the_machine_to_https()
    {
        using var handler = new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, _, _, _) => true };
        using var https = new HttpClient(handler) { BaseAddress = Address("https") };
        using var answer = await https.GetAsync("/.well-known/jwks", Stop);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_body_larger_than_any_form_is_refused()
    {
        using var http = NewClient();
        using ByteArrayContent large = new(new byte[20 * 1024]);
        large.Headers.ContentType = new("application/x-www-form-urlencoded");
        using var answer = await http.PostAsync("/oauth/token", large, Stop);
        Assert.Contains(answer.StatusCode, new[] { HttpStatusCode.RequestEntityTooLarge, HttpStatusCode.BadRequest });
    }

    /// <summary>Registers until there is a credential: on a loaded machine the TURN server may be slow to acknowledge.</summary>
    static async Task<PasswordCredential> GivenAsync(SipClient client, string way)
    {
        PasswordCredential? given = null;
        await Eventually.TrueAsync(async () =>
        {
            var answer = await client.RegisterAsync(LoopbackFixture.Password, ask: $"password;way={way}");
            return (given = MatrixClient.Read(answer) as PasswordCredential) is not null;
        });
        return given!;
    }

    /// <summary>Pull: on a loaded machine the edge may be asked in vain once.</summary>
    static async Task<Answer> AllocatedAsync(RawClient client)
    {
        Answer answer = default;
        await Eventually.TrueAsync(() => (answer = client.Allocate()).Error is null);
        return answer;
    }

    static RawClient Open(PasswordCredential credential) => new(
        TransportAddress.IPv4(0x7F000001, (ushort)credential.Uris[0].EffectivePort), credential.Username, credential.Credential);

    HttpClient NewClient() => new() { BaseAddress = Address("http") };

    Uri Address(string protocol)
    {
        var port = fixture.System.Listeners.First(listener => listener.Protocol == protocol).EndPoint.Port;
        return new($"{protocol}://localhost:{port}");
    }

    static async Task<JsonElement> LeaseAsync(HttpClient http)
    {
        using var response = await http.PostAsync("/wwsf/lease", null, Stop);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>(Stop);
    }
}
