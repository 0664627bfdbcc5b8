using Portunus.HomeCore;
using Portunus.Sip;
using Portunus.Tests.Fast.Epcscf;

namespace Portunus.Tests.Fast.HomeCore;

public class DigestTests
{
    readonly Desk _desk = new();

    [Fact]
    public void A_run_that_asks_leaves_no_other_effect()
    {
        var ask = Assert.IsType<CscfEffect.Ask>(Assert.Single(_desk.Put(_desk.Register())));
        Assert.Equal(new FindSubscriber(Desk.Alice, IsPublic: false), ask.Question);
        Assert.Equal(_desk.Now + TimeSpan.FromSeconds(5), ask.Deadline);
        Assert.Equal(401, Desk.Sent(_desk.Answer(ask, Desk.Subscriber)).Status);
    }

    [Fact]
    public void An_answer_counts_once()
    {
        var ask = Assert.Single(_desk.Put(_desk.Register()));
        _desk.Answer(ask, Desk.Subscriber);
        Assert.Empty(_desk.Answer(ask, Desk.Subscriber));
    }

    [Fact]
    public void A_silent_hss_is_a_504()
    {
        _desk.Put(_desk.Register());
        Assert.Equal(504, Desk.Sent(_desk.Pass(TimeSpan.FromSeconds(5))).Status);
    }

    [Fact]
    public void No_room_for_a_question_is_a_503_that_says_when_to_come_back()
    {
        var desk = new Desk(Home.CoreSettings with { Questions = 1 });
        desk.Put(desk.Register());
        var refused = Desk.Sent(desk.Put(desk.Register()));
        Assert.Equal((503, "5"), (refused.Status, refused.Get(HeaderName.RetryAfter)));
    }

    [Fact]
    public void Nobody_can_tell_a_name_that_does_not_exist_from_a_wrong_password()
    {
        var (known, unknown) = (_desk.Ask(_desk.Register(), Desk.Subscriber), _desk.Ask(_desk.Register(), null));
        Assert.Equal(Shape(known), Shape(unknown));
        var wrong = _desk.Ask(_desk.Answering(known, password: "guess"), Desk.Subscriber);
        var nobody = _desk.Ask(_desk.Answering(unknown), null);
        Assert.Equal((403, Shape(wrong)), (nobody.Status, Shape(nobody)));

        static string Shape(SipMessage message) => string.Join('|', message.Headers.Select(h =>
            DigestChallenge.TryParse(h.Value, out var one) ? string.Join(',', one.Parameters.Select(p => p.Name)) : h.Name.Text))
            + message.Status;
    }

    [Fact]
    public void A_nonce_answers_once_for_each_count()
    {
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        Assert.Equal(200, _desk.Ask(_desk.Answering(challenged), Desk.Subscriber).Status);
        var replayed = _desk.Ask(_desk.Answering(challenged), Desk.Subscriber);
        Assert.Equal((401, true), (replayed.Status, DigestChallenge.Choose(replayed)!.IsStale));
        Assert.Equal(200, _desk.Ask(_desk.Answering(challenged, count: 2), Desk.Subscriber).Status);
        Assert.Equal(401, _desk.Ask(_desk.Answering(challenged), Desk.Subscriber).Status);
    }

    [Fact]
    public void An_old_nonce_is_stale_for_who_knows_the_password()
    {
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        _desk.Pass(TimeSpan.FromMinutes(3));
        var stale = _desk.Ask(_desk.Answering(challenged), Desk.Subscriber);
        Assert.Equal((401, true), (stale.Status, DigestChallenge.Choose(stale)!.IsStale));
        Assert.Equal(403, _desk.Ask(_desk.Answering(challenged, password: "guess"), Desk.Subscriber).Status);
    }

    [Fact]
    public void A_nonce_of_a_former_life_is_stale()
    {
        _desk.Pass(TimeSpan.FromSeconds(30));
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        var restarted = new Desk();
        var stale = restarted.Ask(restarted.Answering(challenged), Desk.Subscriber);
        Assert.Equal((401, true), (stale.Status, DigestChallenge.Choose(stale)!.IsStale));
    }

    [Fact]
    public void A_nonce_of_nobody_is_challenged_anew()
    {
        var challenged = _desk.Ask(_desk.Register(), Desk.Subscriber);
        var register = _desk.Answering(challenged);
        var credentials = DigestCredentials.Of(register)!;
        register.Set(HeaderName.Authorization, credentials.With("nonce", new string('A', credentials.Nonce.Length)));
        var again = _desk.Ask(register, Desk.Subscriber);
        Assert.Equal((401, false), (again.Status, DigestChallenge.Choose(again)!.IsStale));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void After_ten_wrong_passwords_no_answer_is_judged_for_a_minute_whether_the_name_exists_or_not(bool exists)
    {
        var subscriber = exists ? Desk.Subscriber : null;
        Guess(10, subscriber);
        var closed = Try("secret", subscriber);
        Assert.Equal((503, "5"), (closed.Status, closed.Get(HeaderName.RetryAfter)));
        _desk.Pass(TimeSpan.FromSeconds(59));
        Assert.Equal(503, Try("secret", subscriber).Status);
        _desk.Pass(TimeSpan.FromSeconds(1));
        Assert.Equal(exists ? 200 : 403, Try("secret", subscriber).Status);
    }

    [Fact]
    public void A_right_password_makes_good_nine_wrong_ones()
    {
        for (var i = 0; i < 3; i++)
        {
            Guess(9, Desk.Subscriber);
            Assert.Equal(200, Try("secret", Desk.Subscriber).Status);
        }
    }

    [Fact]
    public void Who_is_registered_is_not_kept_out_by_who_guesses()
    {
        Assert.Equal(200, _desk.Bind().Status);
        Guess(10, Desk.Subscriber);
        Assert.Equal(200, Try("secret", Desk.Subscriber).Status);
        var elsewhere = _desk.Answering(_desk.Ask(_desk.Register(), Desk.Subscriber));
        elsewhere.Set(HeaderName.Path, "<sip:other@edge.example.net;lr>");
        Guess(10, Desk.Subscriber);
        Assert.Equal(503, _desk.Ask(elsewhere, Desk.Subscriber).Status);
    }

    [Fact]
    public void The_names_that_are_guessed_at_are_bounded()
    {
        var desk = new Desk(Home.CoreSettings with { Guesses = 1, GuessedNames = 1 });
        Assert.Equal(403, Wrong("alice").Status);
        Assert.Equal(503, Wrong("alice").Status);
        Assert.Equal(403, Wrong("mallory").Status);
        Assert.Equal(403, Wrong("alice").Status);

        SipMessage Wrong(string name)
        {
            var register = desk.Answering(desk.Ask(desk.Register(), null), password: "guess");
            register.Set(HeaderName.Authorization, DigestCredentials.Of(register)!.With("username", $"{name}@{Home.Domain}"));
            return desk.Ask(register, null);
        }
    }

    SipMessage Try(string password, Subscriber? subscriber) =>
        _desk.Ask(_desk.Answering(_desk.Ask(_desk.Register(), subscriber), password: password), subscriber);

    void Guess(int times, Subscriber? subscriber)
    {
        for (var i = 0; i < times; i++)
        {
            var register = _desk.Answering(_desk.Ask(_desk.Register(), subscriber), "<sip:thief@x.invalid>", password: $"guess {i}");
            Assert.Equal(403, _desk.Ask(register, subscriber).Status);
        }
    }

    [Theory]
    [InlineData("uri", "sip:elsewhere.net")]
    [InlineData("cnonce", "d")]
    [InlineData("nc", "00000002")]
    [InlineData("algorithm", "SHA-256")]
    [InlineData("response", "00000000000000000000000000000000")]
    public void Nothing_of_an_answer_can_be_changed(string parameter, string value)
    {
        var register = _desk.Answering(_desk.Ask(_desk.Register(), Desk.Subscriber));
        register.Set(HeaderName.Authorization, DigestCredentials.Of(register)!.With(parameter, value));
        Assert.Equal(403, _desk.Ask(register, Desk.Subscriber).Status);
    }

    [Theory]
    [InlineData("qop")]
    [InlineData("nc")]
    [InlineData("cnonce")]
    public void An_answer_without_quality_of_protection_is_challenged(string missing)
    {
        var register = _desk.Answering(_desk.Ask(_desk.Register(), Desk.Subscriber));
        register.Set(HeaderName.Authorization, DigestCredentials.Of(register)!.Without(missing));
        Assert.Equal(401, _desk.Ask(register, Desk.Subscriber).Status);
    }

    [Fact]
    public void No_room_to_remember_a_nonce_is_a_503()
    {
        var desk = new Desk(Home.CoreSettings with { Nonces = 1 });
        Assert.Equal(200, desk.Bind().Status);
        Assert.Equal(503, desk.Bind().Status);
        desk.Pass(Home.CoreSettings.NonceLifetime + TimeSpan.FromSeconds(2));
        Assert.Equal(200, desk.Bind().Status);
    }

    [Fact]
    public void What_the_edge_vouches_for_is_not_challenged()
    {
        var register = _desk.Register();
        register.Add(HeaderName.Authorization,
            $"Digest username=\"{Desk.Alice}\", realm=\"{Home.Domain}\", nonce=\"\", uri=\"sip:{Home.Domain}\", response=\"\", "
            + "integrity-protected=\"tls-yes\"");
        Assert.Equal(200, _desk.Ask(register, Desk.Subscriber).Status);
    }

    [Fact]
    public void Credentials_of_another_realm_are_none()
    {
        var register = _desk.Register();
        register.Add(HeaderName.Authorization,
            $"Digest username=\"{Desk.Alice}\", realm=\"elsewhere.net\", nonce=\"1\", uri=\"sip:x\", response=\"1\"");
        Assert.Equal(401, _desk.Ask(register, Desk.Subscriber).Status);
    }

    [Fact]
    public void A_subscriber_registers_no_identity_of_another()
    {
        var other = Desk.Subscriber with { Impus = [$"sip:bob@{Home.Domain}"] };
        Assert.Equal(403, _desk.Ask(_desk.Answering(_desk.Ask(_desk.Register(), other)), other).Status);
    }

    [Fact]
    public void No_secret_shows_as_text()
    {
        Assert.DoesNotContain(Convert.ToHexStringLower(Desk.Subscriber.Secrets[0].ToBytes()), Desk.Subscriber.ToString());
        Assert.DoesNotContain("0123456789abcdef", Home.CoreSettings.ToString() + Home.Settings);
    }
}
