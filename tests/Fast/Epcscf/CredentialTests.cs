using System.Text;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Tests.Fast.Epcscf;

public class CredentialTests
{
    const string Ask = "Turn-Credential-Request";
    const string Give = "Turn-Credential";

    readonly Home _home = new();

    [Fact]
    public void A_registration_that_asks_gets_a_credential_that_a_turn_server_derives_again()
    {
        var given = Read(new Browser(_home, 1, "alice").RegisterAsking());
        var password = Assert.IsType<PasswordCredential>(given);
        Assert.Equal(660, password.Ttl);
        Assert.Matches($"^{_home.Now.UnixSeconds + 660}:[0-9a-v]{{16}}$", password.Username);
        Assert.Equal(Home.Domain, password.Realm);
        Assert.Equal("turn:turn.example.net:3478?transport=udp", Assert.Single(password.Uris).ToString());
        Span<byte> expected = stackalloc byte[SharedSecret.MostPasswordLength];
        var secret = new SharedSecret(SecretHash.Sha1, "first"u8);
        var length = secret.WritePassword(Encoding.ASCII.GetBytes(password.Username), expected);
        Assert.Equal(Encoding.ASCII.GetString(expected[..length]), password.Credential);
    }

    [Fact]
    public void The_header_reads_as_the_contract_says() => Assert.Matches(
        "^password;uris=\"turn:turn.example.net:3478\\?transport=udp\";username=\"[0-9]{10}:[0-9a-v]{16}\";"
        + "credential=\"[A-Za-z0-9+/]{27}=\";realm=\"ims.example.net\";ttl=660$",
        new Browser(_home, 1, "alice").RegisterAsking().Get(Give));

    [Fact]
    public void A_profile_of_limits_travels_in_the_name_behind_the_id_of_the_registration()
    {
        var secret = new SharedSecret(SecretHash.Sha1, "first"u8);
        var sites = new TurnSites([new("turn1", Home.Domain, new TurnUri(Secure: false, "turn.example.net", 3478, "udp"))]);
        var home = new Home(provisioning: new SharedSecretProvisioning([new(secret)], sites, "guest"));
        var given = Assert.IsType<PasswordCredential>(Read(new Browser(home, 1, "alice").RegisterAsking()));
        var id = Assert.Single(home.Edge.Registrations()).Id;
        Assert.Equal($"{home.Now.UnixSeconds + 660}:{id}.guest", given.Username);
        Assert.Equal(TimeLimitedCredential.MintFor(secret, home.Now.UnixSeconds + 660, $"{id}.guest").Password, given.Credential);
        foreach (var wrong in new[] { "", "Guest", "a.b", "abcdefghijklmnop" })
            Assert.Throws<ArgumentException>(() => new SharedSecretProvisioning([new(secret)], sites, wrong));
    }

    [Fact]
    public void Without_a_request_there_is_no_answer() => Assert.False(new Browser(_home, 1, "alice").Register().Has(Give));

    [Fact]
    public void The_lifetime_is_an_hour_at_most() =>
        Assert.Equal(3600, Read(new Browser(_home, 1, "alice").RegisterAsking(expires: 3600))!.Ttl);

    [Fact]
    public void A_challenge_never_carries_one()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Registering(600, (Ask, "password")));
        var challenged = alice.Answered();
        Assert.Equal(401, challenged.Status);
        Assert.False(challenged.Has(Give));
        Assert.False(challenged.Has(Ask));
    }

    [Fact]
    public void A_deregistration_gets_none() => Assert.False(Registered().RegisterAsking(expires: 0).Has(Give));

    [Fact]
    public void A_refresh_keeps_the_opaque_part_and_moves_the_expiry()
    {
        var alice = new Browser(_home, 1, "alice");
        var first = Username(alice.RegisterAsking());
        _home.Pass(TimeSpan.FromSeconds(100));
        var second = Username(alice.RegisterAsking());
        Assert.Equal(first.Split(':')[1], second.Split(':')[1]);
        Assert.Equal(100, long.Parse(second.Split(':')[0]) - long.Parse(first.Split(':')[0]));
    }

    [Fact]
    public void Another_registration_has_another_opaque_part()
    {
        var alice = new Browser(_home, 1, "alice");
        var first = Username(alice.RegisterAsking());
        alice.Register(expires: 0);
        Assert.NotEqual(first.Split(':')[1], Username(alice.RegisterAsking()).Split(':')[1]);
    }

    [Theory]
    [InlineData("password", true)]
    [InlineData("PASSWORD", true)]
    [InlineData("oauth", false)]
    [InlineData("oauth, password", true)]
    [InlineData("password;realm=\"ims.example.net\";transports=\"udp,tcp,tls\"", true)]
    [InlineData("password;transports=\"tcp\"", false)]
    [InlineData("password;transports=\"UDP\"", true)]
    [InlineData("password;realm=\"elsewhere.net\"", false)]
    [InlineData("password;future=1", true)]
    [InlineData("", false)]
    [InlineData(";;;", false)]
    [InlineData("password;realm=\"unclosed", false)]
    public void What_cannot_be_given_leaves_the_answer_without_the_header(string asked, bool given)
    {
        var confirmed = new Browser(_home, 1, "alice").Register(600, (Ask, asked));
        Assert.Equal((200, given), (confirmed.Status, confirmed.Has(Give)));
    }

    [Theory]
    [InlineData("oauth", "password", true)]
    [InlineData("oauth", "password;realm=\"elsewhere.net\"", false)]
    [InlineData("password;transports=\"udp\"", "oauth", true)]
    [InlineData("garbage;=", "password", true)]
    public void Types_on_two_lines_are_one_list(string first, string second, bool given) =>
        Assert.Equal(given, new Browser(_home, 1, "alice").Register(600, (Ask, first), (Ask, second)).Has(Give));

    [Fact]
    public void The_request_never_reaches_the_core()
    {
        new Browser(_home, 1, "alice").RegisterAsking();
        Assert.All(_home.Mw, one => Assert.False(one.Message.Has(Ask) || one.Message.Has(Give)));
    }

    [Fact]
    public void What_a_core_slips_in_never_reaches_the_wic()
    {
        var alice = new Browser(_home, 1, "alice");
        _home.CoreAnswers = false;
        alice.Send(alice.Registering());
        var answer = SipMessage.Response(_home.Mw[0].Message, 200, toTag: "x");
        answer.Add(HeaderName.Contact, alice.Registering().Get(HeaderName.Contact)!);
        answer.Add(Give, "password;username=\"evil\"");
        answer.Add("turn-credential", "password;username=\"evil\"");
        answer.Add(Ask, "password");
        _home.FromCore(answer);
        var confirmed = alice.Answered();
        Assert.False(confirmed.Has(Give) || confirmed.Has(Ask));
    }

    [Theory]
    [InlineData("sip:ims.example.net")]
    [InlineData("sip:edge.example.net")]
    [InlineData("sip:IMS.example.net;transport=ws")]
    public void Options_to_the_edge_is_answered_here_with_a_credential(string uri)
    {
        var alice = new Browser(_home, 1, "alice");
        var first = Username(alice.RegisterAsking());
        var before = _home.Mw.Count;
        alice.Send(alice.Request(SipMethod.Options, uri, (Ask, "password")));
        var answer = alice.Answered();
        Assert.Equal(200, answer.Status);
        Assert.Equal(first.Split(':')[1], Username(answer).Split(':')[1]);
        Assert.Equal(before, _home.Mw.Count);
    }

    [Fact]
    public void Options_without_a_request_is_answered_without_a_credential()
    {
        var alice = Registered();
        alice.Send(alice.Request(SipMethod.Options, $"sip:{Home.Domain}"));
        Assert.False(alice.Answered().Has(Give));
    }

    [Fact]
    public void Options_of_a_stranger_to_the_registration_is_refused()
    {
        var alice = Registered();
        var options = alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password"));
        options.Set(HeaderName.From, $"<sip:bob@{Home.Domain}>;tag=1");
        alice.Send(options);
        var refused = alice.Answered();
        Assert.Equal((403, false), (refused.Status, refused.Has(Give)));
    }

    [Fact]
    public void Options_of_an_anonymous_caller_is_routed_without_either_header()
    {
        var alice = Registered();
        _home.Mw.Clear();
        var options = alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password"));
        options.Set(HeaderName.From, "<sip:anonymous@anonymous.invalid>;tag=1");
        alice.Send(options);
        var (toCore, routed) = _home.Mw[0];
        Assert.Equal((true, SipMethod.Options, false), (toCore, routed.Method, routed.Has(Ask)));
        Assert.False(alice.Answered().Has(Give));
    }

    [Fact]
    public void Options_to_a_user_is_routed_without_either_header()
    {
        var (alice, bob) = (Registered(), new Browser(_home, 2, "bob"));
        bob.Register();
        alice.Send(alice.Request(SipMethod.Options, $"sip:bob@{Home.Domain}", (Ask, "password")));
        var options = bob.Called();
        Assert.False(options.Has(Ask) || options.Has(Give));
        bob.Respond(options, 200, (Give, "password;username=\"evil\""));
        Assert.False(alice.Answered().Has(Give));
    }

    [Fact]
    public void Options_before_a_registration_gets_403()
    {
        var alice = new Browser(_home, 1, "alice");
        alice.Send(alice.Request(SipMethod.Options, $"sip:{Home.Domain}", (Ask, "password")));
        var refused = alice.Answered();
        Assert.Equal((403, false), (refused.Status, refused.Has(Give)));
    }

    [Fact]
    public void An_invite_brings_one_to_a_wic_whose_last_register_asked()
    {
        var (alice, bob) = (new Browser(_home, 1, "alice"), new Browser(_home, 2, "bob"));
        alice.Register();
        var own = Username(bob.RegisterAsking());
        alice.Send(alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}"));
        Assert.Equal(own.Split(':')[1], Username(bob.Called()).Split(':')[1]);
        Assert.All(_home.Mw, one => Assert.False(one.Message.Has(Give)));
    }

    [Fact]
    public void An_invite_brings_none_to_a_wic_whose_last_register_did_not_ask()
    {
        var (alice, bob) = (new Browser(_home, 1, "alice"), new Browser(_home, 2, "bob"));
        alice.Register();
        bob.RegisterAsking();
        bob.Register();
        alice.Send(alice.Request(SipMethod.Invite, $"sip:bob@{Home.Domain}", (Give, "password;username=\"evil\"")));
        var invite = bob.Called();
        Assert.False(invite.Has(Give) || invite.Has(Ask));
    }

    [Theory]
    [InlineData(SipMethod.Message)]
    [InlineData(SipMethod.Options)]
    [InlineData(SipMethod.Subscribe)]
    [InlineData(SipMethod.Refer)]
    public void No_other_request_brings_one(string method)
    {
        var (alice, bob) = (Registered(), new Browser(_home, 2, "bob"));
        bob.RegisterAsking();
        alice.Send(alice.Request(method, $"sip:bob@{Home.Domain}", (Ask, "password"), (Give, "password;username=\"evil\"")));
        var request = bob.Called();
        Assert.False(request.Has(Give) || request.Has(Ask));
    }

    [Fact]
    public void The_names_are_the_operators_choice()
    {
        var home = new Home(Home.Settings with { CredentialRequestHeader = "X-Relay-Please", CredentialHeader = "X-Relay" });
        var confirmed = new Browser(home, 1, "alice").Register(600, ("X-Relay-Please", "password"));
        Assert.True(confirmed.Has("X-Relay"));
        Assert.All(home.Mw, one => Assert.False(one.Message.Has("X-Relay-Please")));
    }

    [Fact]
    public void No_effect_shows_a_credential_as_text()
    {
        var edge = new Edge(new(0), Home.Settings, Home.Provisioning, new Portunus.Simulation.SeededRandom(1));
        var alice = new Browser(_home, 1, "alice");
        var confirmed = alice.RegisterAsking();
        var secret = Assert.IsType<PasswordCredential>(Read(confirmed)).Credential;
        Assert.DoesNotContain(secret, new EdgeEffect.ToW2(alice.Flow, confirmed).ToString());
        Assert.DoesNotContain(secret, edge.ToString());
    }

    Browser Registered()
    {
        var alice = new Browser(_home, 1, "alice");
        Assert.Equal(200, alice.Register().Status);
        return alice;
    }

    static string Username(SipMessage message) => Assert.IsType<PasswordCredential>(Read(message)).Username;

    static TurnCredential? Read(SipMessage message)
    {
        Assert.Equal(1, message.Count(Give));
        Assert.True(TypedValue.TryParse(message.Get(Give), out var value));
        var parameters = value.Parameters.Select(p => new NameValue(p.Name, p.Value!, p.Quoted)).ToArray();
        return TurnCredential.TryRead(value.Type, parameters, out var credential) ? credential : null;
    }
}
