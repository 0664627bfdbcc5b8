using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class RegistrationTests
{
    readonly Home _home = new();

    [Fact]
    public void A_registration_is_challenged_and_then_confirmed()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering());
        var challenged = alice.Answered();
        Assert.Equal(401, challenged.Status);
        Assert.Equal(Home.Domain, DigestChallenge.Choose(challenged)!.Realm);

        alice.Send(alice.Answering(alice.Registering(), challenged));
        var confirmed = alice.Answered();
        Assert.Equal(200, confirmed.Status);
        Assert.Equal(
            $"{alice.Contact};+sip.instance=\"<{alice.Instance}>\";reg-id=1;expires=600", confirmed.Get(HeaderName.Contact));
        Assert.Equal("<sip:orig@core.example.net;lr>", confirmed.Get(HeaderName.ServiceRoute));
        Assert.Equal($"<{alice.Identity}>", confirmed.Get(HeaderName.PAssociatedUri));
        Assert.Equal(EdgeEvent.Registered, Assert.Single(_home.Audits).Event);
    }

    [Fact]
    public void The_core_sees_what_an_edge_owes_it()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        var register = _home.Mw.Last(one => one.ToCore).Message;
        Assert.Matches(@"^<sip:[\w-]{36}@edge\.example\.net;transport=tcp;lr;ob>$", register.Get(HeaderName.Path));
        Assert.True(register.HasToken(HeaderName.Require, "path"));
        Assert.Equal($"\"{Home.Domain}\"", register.Get(HeaderName.PVisitedNetworkId));
        Assert.Matches(
            "^icid-value=\"[0-9a-v]{20}\";icid-generated-at=\"edge.example.net\";orig-ioi=ims.example.net$",
            register.Get(HeaderName.PChargingVector));
        Assert.Equal("tls-pending", DigestCredentials.Of(register)!.Parameters["integrity-protected"]);
        Assert.Equal(69u, register.MaxForwards);
        Assert.Equal(2, register.Vias.Count);
    }

    [Fact]
    public void Each_registration_is_charged_under_another_name()
    {
        new Browser(_home, 1, "alice").Register();
        var vectors = _home.Mw.Where(one => one.ToCore).Select(one => one.Message.Get(HeaderName.PChargingVector)).ToArray();
        Assert.Equal(vectors.Length, vectors.Distinct().Count());
    }

    [Fact]
    public void An_empty_digest_asks_to_be_challenged()
    {
        var alice = new Browser(_home, 1, "alice");
        var empty = $"Digest username=\"alice@{Home.Domain}\",realm=\"{Home.Domain}\",uri=\"sip:{Home.Domain}\","
            + "nonce=\"\",response=\"\"";
        alice.Send(alice.Registering(600, ("Authorization", empty)));
        Assert.Equal(401, alice.Answered().Status);
        Assert.Equal("tls-pending", DigestCredentials.Of(_home.Mw[0].Message)!.Parameters["integrity-protected"]);
    }

    [Theory]
    [InlineData("tls-yes")]
    [InlineData("auth-done")]
    [InlineData("yes")]
    [InlineData("no")]
    public void What_a_wic_says_of_its_protection_is_overwritten(string claim)
    {
        var alice = new Browser(_home, 1, "alice");
        var register = alice.Registering();
        register.Add(HeaderName.Authorization,
            $"Digest username=\"alice@{Home.Domain}\",integrity-protected=\"{claim}\",realm=\"{Home.Domain}\","
            + $"uri=\"sip:{Home.Domain}\",nonce=\"\",response=\"\",Integrity-Protected={claim}");
        alice.Send(register);
        Assert.Equal(401, alice.Answered().Status);
        var credentials = DigestCredentials.Of(_home.Mw[0].Message)!;
        Assert.Equal("tls-pending", Assert.Single(credentials.Parameters, one => one.Is("integrity-protected")).Value);
    }

    [Fact]
    public void A_bearer_is_removed_and_ignored()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering(600, ("Authorization", "Bearer eyJhbGciOiJFUzI1NiJ9")));
        Assert.Equal(401, alice.Answered().Status);
        Assert.False(_home.Mw[0].Message.Has(HeaderName.Authorization));
    }

    [Fact]
    public void A_wrong_password_is_refused()
    {
        var alice = new Browser(_home, 1, "alice") { Password = "guess" };
        Assert.Equal(403, alice.Register().Status);
        Assert.DoesNotContain(_home.Audits, audit => audit.Event is EdgeEvent.Registered);
    }

    [Fact]
    public void A_refresh_keeps_the_registration()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        _home.Pass(TimeSpan.FromSeconds(300));
        Assert.Equal(200, alice.Register().Status);
        Assert.Equal([EdgeEvent.Registered, EdgeEvent.Refreshed], _home.Audits.Select(audit => audit.Event));
    }

    [Fact]
    public void A_deregistered_wic_must_register_before_it_calls()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        var gone = alice.Register(expires: 0);
        Assert.Equal(200, gone.Status);
        Assert.False(gone.Has(HeaderName.Contact));
        alice.Send(alice.Request(SipMethod.Message, $"sip:bob@{Home.Domain}"));
        Assert.Equal(403, alice.Answered().Status);
        Assert.Equal(EdgeEvent.Deregistered, _home.Audits[^2].Event);
    }

    [Fact]
    public void A_star_removes_all_bindings_of_the_identity()
    {
        var one = new Browser(_home, 1, "alice");
        var other = new Browser(_home, 2, "alice");
        one.Register();
        other.Register();
        one.Send(one.Registering());
        var star = one.Answering(one.Registering(), one.Answered());
        star.Set(HeaderName.Contact, "*");
        star.Set(HeaderName.Expires, "0");
        one.Send(star);
        Assert.Equal(200, one.Answered().Status);
        Assert.Equal(2, _home.Audits.Count(audit => audit.Event is EdgeEvent.Deregistered));
        other.Send(other.Request(SipMethod.Message, $"sip:bob@{Home.Domain}"));
        Assert.Equal(403, other.Answered().Status);
    }

    [Fact]
    public void A_query_changes_nothing()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register();
        alice.Send(Query());
        var query = alice.Answering(Query(), alice.Answered());
        alice.Send(query);
        var answer = alice.Answered();
        Assert.Equal(200, answer.Status);
        Assert.Single(answer.Contacts);
        Assert.False(answer.Has("Turn-Credential"));
        Assert.Single(_home.Audits);

        SipMessage Query()
        {
            var register = alice.Registering(600, ("Turn-Credential-Request", "password"));
            register.Remove(HeaderName.Contact);
            return register;
        }
    }

    [Fact]
    public void A_registration_expires_under_a_wic_that_sleeps()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Register(expires: 60);
        _home.Pass(TimeSpan.FromSeconds(59));
        Assert.Empty(_home.Closed);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal([alice.Flow], _home.Closed);
        Assert.Equal(EdgeEvent.Expired, _home.Audits[^1].Event);
    }

    [Fact]
    public void Two_wics_of_one_subscriber_are_two_registrations()
    {
        var one = new Browser(_home, 1, "alice");
        var other = new Browser(_home, 2, "alice");
        one.Register();
        Assert.Equal(2, other.Register().Contacts.Count);
        one.Register(expires: 0);
        other.Send(other.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.Equal(200, other.Answered().Status);
    }

    [Fact]
    public void A_flow_serves_one_identity()
    {
        new Browser(_home, 1, "alice").Register();
        Assert.Equal(403, new Browser(_home, 1, "bob").Register().Status);
    }

    [Fact]
    public void Nobody_registers_a_third_party()
    {
        var alice = new Browser(_home, 1, "alice");
        var register = alice.Registering();
        register.Set(HeaderName.To, $"<sip:bob@{Home.Domain}>");
        alice.Send(register);
        Assert.Equal(403, alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void A_silent_core_is_a_504_before_the_wic_gives_up()
    {
        var alice = new Browser(_home, 1, "alice");
        _home.CoreAnswers = false;
        alice.Send(alice.Registering());
        _home.Pass(TimeSpan.FromSeconds(19));
        Assert.DoesNotContain(alice.Take(), one => one.Status >= 200);
        _home.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(504, alice.Answered().Status);
    }

    [Fact]
    public void A_core_without_path_is_our_fault_not_the_wics()
    {
        var alice = new Browser(_home, 1, "alice");
        _home.CoreAnswers = false;
        alice.Send(alice.Registering());
        var answer = SipMessage.Response(_home.Mw[0].Message, 420, toTag: "x");
        answer.Add(HeaderName.Unsupported, "path");
        _home.FromCore(answer);
        Assert.Equal(500, alice.Answered().Status);
    }

    [Fact]
    public void The_keys_of_an_aka_challenge_stay_at_the_edge()
    {
        var alice = new Browser(_home, 1, "alice");
        _home.CoreAnswers = false;
        alice.Send(alice.Registering());
        var answer = SipMessage.Response(_home.Mw[0].Message, 401, toTag: "x");
        answer.Add(HeaderName.WwwAuthenticate, "Digest realm=\"r\", nonce=\"n\", algorithm=AKAv1-MD5, ck=\"0011\", ik=\"2233\"");
        _home.FromCore(answer);
        Assert.Equal("Digest realm=\"r\", nonce=\"n\", algorithm=AKAv1-MD5", alice.Answered().Get(HeaderName.WwwAuthenticate));
    }

    [Theory]
    [InlineData("<sip:alice@df7jal23ls0d.invalid;transport=ws>;sos")]
    [InlineData("<sip:alice@df7jal23ls0d.invalid;transport=ws;sos>")]
    public void An_emergency_registration_is_sent_elsewhere(string contact)
    {
        var alice = new Browser(_home, 1, "alice");
        var register = alice.Registering();
        register.Set(HeaderName.Contact, contact);
        alice.Send(register);
        Assert.Equal(503, alice.Answered().Status);
        Assert.Empty(_home.Mw);
    }

    [Fact]
    public void Security_agreement_ends_at_the_edge()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering(600, ("Require", "sec-agree"), ("Proxy-Require", "sec-agree"),
            ("Security-Client", "ipsec-3gpp;alg=hmac-sha-1-96"), ("Security-Verify", "tls;q=0.1")));
        Assert.Equal(401, alice.Answered().Status);
        var register = _home.Mw[0].Message;
        Assert.Equal(["path"], register.GetAll(HeaderName.Require));
        string[] gone = ["Proxy-Require", "Security-Client", "Security-Verify"];
        Assert.All(gone, name => Assert.False(register.Has(name), name));
    }

    [Fact]
    public void An_unknown_demand_on_proxies_is_420()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering(600, ("Proxy-Require", "foo, sec-agree")));
        var refused = alice.Answered();
        Assert.Equal((420, "foo"), (refused.Status, refused.Get(HeaderName.Unsupported)));
    }

    [Fact]
    public void A_full_edge_says_when_to_come_back()
    {
        var home = new Home(Home.Settings with { Flows = 1 });
        new Browser(home, 1, "alice").Register();
        var refused = new Browser(home, 2, "bob").Register();
        Assert.Equal((503, "5"), (refused.Status, refused.Get(HeaderName.RetryAfter)));
    }

    [Fact]
    public void A_flow_that_floods_is_slowed()
    {
        _home.CoreAnswers = false;
        var alice = new Browser(_home, 1, "alice");
        for (var i = 0; i < Home.Settings.TransactionsPerFlow; i++) alice.Send(alice.Registering());
        Assert.Empty(alice.Take());
        alice.Send(alice.Registering());
        Assert.Equal(503, alice.Answered().Status);
    }

    [Fact]
    public void Sha256_is_offered_above_md5_to_those_whose_record_has_it()
    {
        _home.Subscribe("carol", DigestAlgorithm.Sha256, DigestAlgorithm.Md5);
        var carol = new Browser(_home, 1, "carol") { Algorithm = DigestAlgorithm.Sha256 };
        carol.Send(carol.Registering());
        var challenged = carol.Answered();
        var offered = challenged.Headers.Where(h => h.Name == HeaderName.WwwAuthenticate)
            .Select(h => DigestChallenge.TryParse(h.Value, out var one) ? one.Algorithm : null);
        Assert.Equal([DigestAlgorithm.Sha256, DigestAlgorithm.Md5], offered);
        carol.Send(carol.Answering(carol.Registering(), challenged));
        Assert.Equal(200, carol.Answered().Status);
    }
}
