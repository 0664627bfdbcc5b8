using Portunus.Credentials;
using Portunus.Sip;
using Portunus.Wic;

namespace Portunus.Tests.Fast.Wic;

public sealed class UserAgentRegistrationTests
{
    [Fact]
    public void The_first_REGISTER_says_who_asks_and_for_what()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        var register = edge.Sent();
        Assert.Equal("sip:ims.example.net", register.RequestUriText);
        Assert.True(DigestCredentials.Of(register)!.IsUnanswered);
        Assert.Equal("alice@ims.example.net", DigestCredentials.Of(register)!.Username);
        Assert.Equal("password", register.Get("Turn-Credential-Request"));
        Assert.True(register.HasToken(HeaderName.Supported, "outbound"));
        Assert.EndsWith(".invalid", Assert.Single(register.Contacts).Uri.Host, StringComparison.Ordinal);
        Assert.Equal("1", register.Contacts[0].Parameters["reg-id"]);
        Assert.StartsWith("<urn:uuid:", register.Contacts[0].Parameters["+sip.instance"], StringComparison.Ordinal);
    }

    [Fact]
    public void A_challenge_is_answered_and_the_credential_of_the_200_taken()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        var first = edge.Sent();
        edge.Challenge(first);
        var second = edge.Sent();
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, "alice@ims.example.net", "ims.example.net", "wonderland");
        Assert.True(secret.Verify(DigestCredentials.Of(second)!, SipMethod.Register));
        Assert.Equal((first.CallId, first.CSeq!.Value.Number + 1), (second.CallId, second.CSeq!.Value.Number));
        edge.Grant(second);
        Assert.Equal(TimeSpan.FromSeconds(600), Assert.IsType<UserAgentEffect.Registered>(edge.Effect()).Expires);
        var credential = Assert.IsType<PasswordCredential>(Assert.IsType<UserAgentEffect.Provided>(edge.Effect()).Credential);
        Assert.Equal(("1900000000:0123456789ab", 1000), (credential.Username, credential.Ttl));
        Assert.True(edge.Agent.IsRegistered);
    }

    [Theory]
    [InlineData("SHA-256", "SHA-256", "MD5")]
    [InlineData("MD5", "MD5", "SHA-256")]
    [InlineData("SHA-256", "SHA-512-256", "SHA-256", "MD5")]
    public void Of_several_challenges_the_topmost_that_is_known_is_answered(string answered, params string[] offered)
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        const string Challenge = "Digest realm=\"ims.example.net\", nonce=\"n1\", qop=\"auth\", algorithm=";
        edge.Challenge(edge.Sent(), [.. offered.Select(algorithm => Challenge + algorithm)]);
        var credentials = DigestCredentials.Of(edge.Sent())!;
        Assert.Equal(answered, credentials.Algorithm!.Value.Text());
        var secret = DigestSecret.Of(credentials.Algorithm.Value, "alice@ims.example.net", "ims.example.net", "wonderland");
        Assert.True(secret.Verify(credentials, SipMethod.Register));
    }

    [Fact]
    public void A_wrong_password_is_tried_once()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Challenge(edge.Sent());
        edge.Challenge(edge.Sent(), "Digest realm=\"ims.example.net\", nonce=\"n2\", algorithm=MD5, qop=\"auth\"");
        Assert.Equal(401, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.Null(edge.Effect());
        Assert.Null(edge.Agent.NextDeadline);
    }

    [Fact]
    public void A_stale_nonce_is_no_wrong_password()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Challenge(edge.Sent());
        edge.Challenge(edge.Sent(), "Digest realm=\"ims.example.net\", nonce=\"n2\", algorithm=MD5, qop=\"auth\", stale=true");
        Assert.Equal("n2", DigestCredentials.Of(edge.Sent())!.Nonce);
    }

    [Fact]
    public void A_registration_is_refreshed_at_half_with_the_nonce_counted_on()
    {
        var edge = UserAgentScript.Registered();
        edge.Wait(299);
        Assert.Equal(0, edge.Unread);
        edge.Wait(1);
        var refresh = edge.Sent();
        Assert.Equal((SipMethod.Register, 2u), (refresh.Method, DigestCredentials.Of(refresh)!.NonceCount));
        edge.Grant(refresh, expires: 3600);
        edge.Effects();
        // TS 24.229 §5.1.1.4.1; the credential's half life comes before.
        edge.Wait(500);
        var longer = UserAgentScript.Credential.Replace("ttl=1000", "ttl=9000", StringComparison.Ordinal);
        edge.Answer(edge.Sent(), 200, m => m.Add("Turn-Credential", longer));
        Assert.IsType<UserAgentEffect.Provided>(edge.Effect());
        edge.Wait(2499);
        Assert.Equal(0, edge.Unread);
        edge.Wait(1);
        Assert.Equal(SipMethod.Register, edge.Sent().Method);
    }

    [Fact]
    public void At_half_its_life_a_credential_is_asked_for_anew_by_OPTIONS_to_the_home_domain()
    {
        var edge = UserAgentScript.Registered();
        edge.Wait(300);
        // An answer without the header leaves the old one in force.
        edge.Answer(edge.Sent(), 200, m =>
        {
            m.Add(HeaderName.Expires, "2000");
            m.Add(HeaderName.ServiceRoute, "<sip:core.example.net;lr>");
        });
        edge.Effects();
        edge.Wait(200);
        var options = edge.Sent();
        Assert.Equal((SipMethod.Options, "sip:ims.example.net"), (options.Method, options.RequestUriText));
        Assert.Equal("password", options.Get("Turn-Credential-Request"));
        Assert.Equal("<sip:core.example.net;lr>", options.TopRoute!.ToString());
        edge.Answer(options, 200, m => m.Add("Turn-Credential", UserAgentScript.Credential));
        Assert.IsType<UserAgentEffect.Provided>(edge.Effect());
    }

    [Fact]
    public void A_credential_that_cannot_be_read_is_none()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Answer(edge.Sent(), 200, m =>
        {
            m.Add(HeaderName.Expires, "600");
            m.Add("Turn-Credential", "password;uris=\"http://example.net\";username=\"x\";credential=\"y\";ttl=60");
            m.Add("Turn-Credential", "something;else=1");
        });
        Assert.IsType<UserAgentEffect.Registered>(edge.Effect());
        Assert.Equal(200, Assert.IsType<UserAgentEffect.Withheld>(edge.Effect()).Status);
        Assert.Null(edge.Effect());
    }

    [Fact]
    public void Deregistering_asks_for_no_credential_and_ends_the_refreshes()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Deregister(edge.Now);
        var register = edge.Sent();
        Assert.Equal(0u, register.Expires);
        Assert.False(register.Has("Turn-Credential-Request"));
        edge.Grant(register, expires: 0);
        Assert.Equal(200, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.False(edge.Agent.IsRegistered);
        Assert.Null(edge.Agent.NextDeadline);
    }

    [Fact]
    public void A_lost_WebSocket_ends_the_binding_and_a_new_one_registers_the_same_contact()
    {
        var edge = UserAgentScript.Registered();
        edge.Wait(300);
        var before = edge.Sent().Get(HeaderName.Contact);
        edge.Agent.OnFlowClosed(edge.Now);
        Assert.Equal(503, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.Null(edge.Effect());
        Assert.Null(edge.Agent.NextDeadline);
        edge.Agent.OnFlowOpened(edge.Now);
        Assert.Equal(before, edge.Sent().Get(HeaderName.Contact));
    }

    [Theory]
    [InlineData(503)]
    [InlineData(504)]
    public void A_server_in_trouble_is_asked_again_later_and_later(int status)
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        foreach (var (least, most) in new[] { (15, 30), (30, 60), (60, 120) })
        {
            edge.Answer(edge.Sent(), status);
            Assert.Equal(status, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
            Assert.InRange(edge.Agent.NextDeadline!.Value - edge.Now, TimeSpan.FromSeconds(least), TimeSpan.FromSeconds(most));
            edge.Wait(most);
        }
    }

    [Fact]
    public void Silence_is_a_408_after_32_seconds_and_a_403_is_final()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Sent();
        edge.Wait(32);
        Assert.Equal(408, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        edge.Wait(60);
        edge.Answer(edge.Sent(), 403);
        Assert.Equal(403, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.Null(edge.Agent.NextDeadline);
    }

    [Fact]
    public void A_refusal_that_says_how_long_to_wait_is_obeyed()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Answer(edge.Sent(), 503, m => m.Add(HeaderName.RetryAfter, "120 (maintenance);duration=3600"));
        var refused = Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect());
        Assert.Equal((503, TimeSpan.FromSeconds(120)), (refused.Status, refused.RetryAfter));
        edge.Wait(119);
        Assert.Equal(0, edge.Unread);
        edge.Wait(1);
        Assert.Equal(SipMethod.Register, edge.Sent().Method);
    }

    [Theory]
    [InlineData("4294967295", 1800)]
    [InlineData("99999999999", null)]
    [InlineData("soon", null)]
    [InlineData("", null)]
    public void A_wait_of_any_length_is_a_wait_of_half_an_hour_at_most(string text, int? seconds)
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Answer(edge.Sent(), 500, m => m.Add(HeaderName.RetryAfter, text));
        var refused = Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect());
        Assert.Equal(seconds, (int?)refused.RetryAfter?.TotalSeconds);
    }

    [Fact]
    public void A_registrar_that_wants_longer_bindings_is_asked_for_one()
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Answer(edge.Sent(), 423, m => m.Add(HeaderName.MinExpires, "1800"));
        Assert.Equal(1800u, edge.Sent().Expires);
    }

    [Theory]
    [InlineData("300")] // Less than was asked for: it would be refused again.
    [InlineData("4000000000")]
    public void A_minimum_that_makes_no_sense_is_a_refusal(string minimum)
    {
        var edge = new UserAgentScript();
        edge.Agent.Register(edge.Now);
        edge.Answer(edge.Sent(), 423, m => m.Add(HeaderName.MinExpires, minimum));
        Assert.Equal(423, Assert.IsType<UserAgentEffect.Unregistered>(edge.Effect()).Status);
        Assert.Equal(0, edge.Unread);
    }

    [Fact]
    public void With_two_credentials_in_an_answer_both_are_taken_and_the_shorter_life_counts()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Renew(edge.Now);
        var shorter = UserAgentScript.Credential.Replace("ttl=1000", "ttl=100", StringComparison.Ordinal);
        edge.Answer(edge.Sent(), 200, m =>
        {
            m.Add("Turn-Credential", UserAgentScript.Credential);
            m.Add("Turn-Credential", shorter);
        });
        var credentials = edge.Effects().Select(effect => Assert.IsType<UserAgentEffect.Provided>(effect).Credential);
        Assert.Equal([1000, 100], credentials.Select(credential => credential.Ttl));
        edge.Wait(49);
        Assert.Equal(0, edge.Unread);
        edge.Wait(1);
        Assert.Equal(SipMethod.Options, edge.Sent().Method);
    }

    [Fact]
    public void Asked_to_renew_it_says_what_came_of_it()
    {
        var edge = UserAgentScript.Registered();
        edge.Agent.Renew(edge.Now);
        edge.Answer(edge.Sent(), 403);
        Assert.Equal(403, Assert.IsType<UserAgentEffect.Withheld>(edge.Effect()).Status);
        edge.Agent.Renew(edge.Now);
        edge.Sent();
        edge.Wait(32);
        Assert.Equal(408, Assert.IsType<UserAgentEffect.Withheld>(edge.Effect()).Status);
        edge.Agent.OnFlowClosed(edge.Now);
        edge.Effects();
        edge.Agent.Renew(edge.Now);
        Assert.Equal(503, Assert.IsType<UserAgentEffect.Withheld>(edge.Effect()).Status);
    }
}
