using Portunus.Credentials;
using Portunus.Sip;

namespace Portunus.Tests.Io.Up;

public sealed class CallTests(LoopbackFixture fixture) : IClassFixture<LoopbackFixture>
{
    const string Header = "Turn-Credential";

    [Theory]
    [InlineData("alice", DigestAlgorithm.Md5, "http")]
    [InlineData("alice", DigestAlgorithm.Md5, "https")]
    [InlineData("carol", DigestAlgorithm.Md5, "http")]
    [InlineData("carol", DigestAlgorithm.Sha256, "http")]
    [InlineData("dave", DigestAlgorithm.Sha256, "http")]
    public async Task A_registration_brings_a_credential_in_its_200(string name, DigestAlgorithm algorithm, string protocol)
    {
        await using var wic = await fixture.ConnectAsync(name, protocol);
        var registered = await wic.RegisterAsync(LoopbackFixture.Password, algorithm);
        Assert.Equal(200, registered.Status);
        Assert.True(registered.Has("Service-Route"));
        Assert.Contains(wic.Impu, registered.Get("P-Associated-URI"), StringComparison.Ordinal);

        var credential = Credential(registered);
        Assert.Equal(LoopbackFixture.Realm, credential.Realm);
        var turn = fixture.System.Listeners.First(at => at.Protocol == "turn").EndPoint;
        Assert.Equal(turn.Port, credential.Uris.Single().EffectivePort);
        Assert.InRange(credential.Ttl, 1, 660);
    }

    [Fact]
    public async Task Without_a_request_there_is_no_credential()
    {
        await using var wic = await fixture.ConnectAsync("alice");
        Assert.False((await wic.RegisterAsync(LoopbackFixture.Password, ask: null)).Has(Header));
    }

    [Fact]
    public async Task A_wrong_password_or_an_unknown_name_is_refused_without_a_credential()
    {
        await using var wrong = await fixture.ConnectAsync("alice");
        var refused = await wrong.RegisterAsync("not the password");
        Assert.InRange(refused.Status, 401, 403);
        Assert.False(refused.Has(Header));

        await using var nobody = await fixture.ConnectAsync("nobody");
        var unknown = await nobody.RegisterAsync(LoopbackFixture.Password);
        Assert.InRange(unknown.Status, 401, 404);
        Assert.False(unknown.Has(Header));
    }

    [Fact]
    public async Task A_refresh_and_an_OPTIONS_bring_a_new_credential_under_the_same_opaque_name()
    {
        await using var wic = await fixture.ConnectAsync("alice");
        var first = Credential(await wic.RegisterAsync(LoopbackFixture.Password));
        var refreshed = Credential(await wic.RegisterAsync(LoopbackFixture.Password));
        var answer = await wic.AskAgainAsync();
        Assert.Equal(200, answer.Status);

        Assert.Equal(Opaque(first), Opaque(refreshed));
        Assert.Equal(Opaque(first), Opaque(Credential(answer)));
    }

    [Fact]
    public async Task After_deregistration_nothing_is_given_and_nobody_is_called()
    {
        await using var wic = await fixture.ConnectAsync("carol");
        Assert.Equal(200, (await wic.RegisterAsync(LoopbackFixture.Password)).Status);
        var gone = await wic.RegisterAsync(LoopbackFixture.Password, expires: 0);
        Assert.Equal(200, gone.Status);
        Assert.False(gone.Has(Header));
        Assert.False((await wic.AskAgainAsync()).Has(Header));

        await using var bob = await fixture.RegisteredAsync("bob");
        var answer = await bob.RequestAsync(bob.Request("INVITE", wic.Impu, wic.Impu), $"Contact: {bob.Contact}");
        Assert.InRange(answer.Status, 404, 480);
    }

    [Fact]
    public async Task Whom_the_operator_deregisters_loses_its_WebSocket_and_may_come_back()
    {
        await using var bob = await fixture.RegisteredAsync("bob");
        await using (var wic = await fixture.RegisteredAsync("carol"))
        {
            // The edge subscribes before it takes the next message of this WebSocket: after its answer it watches.
            Assert.Equal(200, (await wic.RegisterAsync(LoopbackFixture.Password)).Status);
            Assert.InRange(await fixture.System.Core.DeregisterAsync(wic.Impu), 1, 32);
            Assert.NotNull(await wic.ReceiveCloseAsync());
            Assert.Equal(480, (await bob.RequestAsync(bob.Request("MESSAGE", wic.Impu, wic.Impu))).Status);
            Assert.Equal(0, await fixture.System.Core.DeregisterAsync(wic.Impu));
        }

        await using var again = await fixture.RegisteredAsync("carol");
        Assert.Equal(200, (await again.AskAgainAsync()).Status);
    }

    [Fact]
    public async Task Before_a_registration_all_else_is_403()
    {
        await using var wic = await fixture.ConnectAsync("alice");
        foreach (var (method, to) in new[] { ("OPTIONS", "sip:ims.localhost"), ("MESSAGE", "sip:bob@ims.localhost") })
            Assert.Equal(403, (await wic.RequestAsync(wic.Request(method, to, to))).Status);
        Assert.Equal(200, (await wic.RegisterAsync(LoopbackFixture.Password)).Status);
    }

    [Theory]
    [InlineData("alice", "bob")]
    [InlineData("bob", "alice")]
    [InlineData("carol", "alice")]
    public async Task A_call_is_set_up_and_ended(string caller, string callee)
    {
        await using var a = await fixture.RegisteredAsync(caller);
        await using var b = await fixture.RegisteredAsync(callee);
        var callId = SipClient.Token(10);

        await a.SendAsync(
            a.Request("INVITE", b.Impu, b.Impu, callId: callId, cseq: 1),
            $"Contact: {a.Contact}",
            "Turn-Credential: password;username=\"forged\"");
        var invite = await b.ReceiveAsync();
        Assert.Equal("INVITE", invite.Method);
        Assert.Contains(a.Impu, invite.Get("P-Asserted-Identity"), StringComparison.Ordinal);
        Assert.Equal(LoopbackFixture.Realm, Credential(invite).Realm);
        Assert.False(invite.Has("Authorization"));

        await b.SendAsync(SipMessage.Response(invite, 180, toTag: "b"));
        Assert.Equal(180, (await a.ReceiveAsync(m => m.Status > 100)).Status);
        var ok = SipMessage.Response(invite, 200, toTag: "b");
        ok.CopyFrom(invite, HeaderName.RecordRoute);
        ok.Add("Contact", b.Contact);
        await b.SendAsync(ok);
        var accepted = await a.ReceiveAsync(m => m.Status > 180);
        Assert.Equal(200, accepted.Status);
        Assert.False(accepted.Has(Header));

        var routes = accepted.RecordRoutes.Reverse().Select(route => $"Route: {route}").ToArray();
        var target = accepted.Contacts[0].Uri.ToString();
        await a.SendAsync(a.Request("ACK", target, b.Impu, "b", callId, 1), routes);
        Assert.Equal("ACK", (await b.ReceiveAsync()).Method);
        await a.SendAsync(a.Request("BYE", target, b.Impu, "b", callId, 2), routes);
        var bye = await b.ReceiveAsync();
        Assert.Equal("BYE", bye.Method);
        Assert.False(bye.Has(Header));
        await b.SendAsync(SipMessage.Response(bye, 200));
        Assert.Equal(200, (await a.ReceiveAsync(m => m.Status >= 200)).Status);
    }

    [Fact]
    public async Task A_request_that_would_grow_too_large_on_its_way_is_513_and_one_that_fits_arrives()
    {
        await using var a = await fixture.RegisteredAsync("alice");
        await using var b = await fixture.RegisteredAsync("bob");
        await a.SendTextAsync(Message(a, b, 65_000));
        Assert.Equal(513, (await a.ReceiveAsync(m => m.Status >= 200)).Status);

        await a.SendTextAsync(Message(a, b, 60_000));
        var arrived = await b.ReceiveAsync();
        Assert.Equal(60_000, arrived.Body.Length);
        await b.SendAsync(SipMessage.Response(arrived, 200));
        Assert.Equal(200, (await a.ReceiveAsync(m => m.Status >= 200)).Status);

        static string Message(SipClient from, SipClient to, int body) =>
            $"{from.Request("MESSAGE", to.Impu, to.Impu)}Content-Length: {body}\r\n\r\n{new string('a', body)}";
    }

    [Fact]
    public async Task A_caller_hears_480_when_the_callees_socket_is_cut()
    {
        await using var a = await fixture.RegisteredAsync("alice");
        var b = await fixture.RegisteredAsync("bob");
        b.Abort();
        Assert.InRange((await a.RequestAsync(a.Request("MESSAGE", b.Impu, b.Impu))).Status, 430, 480);
    }

    [Fact]
    public async Task No_log_line_at_any_level_holds_a_secret()
    {
        await using var wic = await fixture.ConnectAsync("bob");
        var credential = Credential(await wic.RegisterAsync(LoopbackFixture.Password));
        Assert.NotEmpty(fixture.Log.Lines);
        foreach (var line in fixture.Log.Lines)
        {
            Assert.DoesNotContain(LoopbackFixture.Password, line, StringComparison.Ordinal);
            Assert.DoesNotContain(credential.Credential, line, StringComparison.Ordinal);
            Assert.DoesNotContain("response=", line, StringComparison.Ordinal);
        }
    }

    static PasswordCredential Credential(SipMessage message)
    {
        var value = Assert.Single(message.GetAll(Header));
        Assert.True(TypedValue.TryParse(value, out var typed), value);
        var parameters = typed.Parameters.Select(parameter => new NameValue(parameter.Name, parameter.Value ?? "")).ToArray();
        Assert.True(TurnCredential.TryRead(typed.Type, parameters, out var credential), value);
        return Assert.IsType<PasswordCredential>(credential);
    }

    static string Opaque(PasswordCredential credential) => credential.Username[(credential.Username.IndexOf(':') + 1)..];
}
