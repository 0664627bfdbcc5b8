using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Usernames of the form <c>expiry:opaque</c>, and what else a verifier is given.</summary>
public class TimeLimitedTests
{
    const long Start = 1_800_000_000;

    static readonly SharedSecret[] Four =
    [
        TurnStand.Secret("north"), TurnStand.Secret("sha256:east"),
        TurnStand.Secret("sha384:south"), TurnStand.Secret("sha512:west"),
    ];

    static TurnStand Stand(params SharedSecret[] secrets) => new(verifier: TurnStand.Users(secrets));

    static TurnClient Client(TurnStand stand, TimeLimitedCredential credential, string address = "203.0.113.77:40000") =>
        new(stand, address, credential.Username, credential.Password);

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Secrets_are_tried_in_their_order_each_with_its_hash(int secret)
    {
        var stand = Stand(Four);
        var credential = TimeLimitedCredential.Mint(Four[secret], Start + 60, "4f9c2d7e1b6a");
        Assert.Equal(0, Client(stand, credential).Allocate().Code);
        // And the one that fitted once more, when the relay is there.
        Assert.Equal(secret + 2, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void A_name_neither_ends_a_line_of_the_log_nor_speaks_to_a_terminal()
    {
        var subject = new Subject(CredentialKind.TimeLimited, Bytes.Utf8("eve\r\n\u001b[2Jno\u009b"));
        Assert.Equal("TimeLimited eve\uFFFD\uFFFD\uFFFD[2Jno\uFFFD", subject.ToString());
    }

    [Fact]
    public void Both_password_algorithms_prove_a_time_limited_credential()
    {
        foreach (var algorithm in new[] { PasswordAlgorithm.Md5, PasswordAlgorithm.Sha256 })
        {
            var client = Client(Stand(Four), TimeLimitedCredential.Mint(Four[0], Start + 60, "4f9c2d7e1b6a"));
            client.Algorithm = algorithm;
            Assert.Equal(0, client.Allocate().Code);
        }
    }

    [Fact]
    public void The_last_second_of_a_credential_is_the_one_it_names()
    {
        var stand = Stand(Four);
        var client = Client(stand, TimeLimitedCredential.Mint(Four[0], Start + 60, "4f9c2d7e1b6a"));
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        stand.Pass(60);
        Assert.Equal(0, client.Allocate().Code);
        stand.Pass(1);
        var late = Client(stand, TimeLimitedCredential.Mint(Four[0], Start + 60, "4f9c2d7e1b6a"), "203.0.113.78:1");
        Assert.Equal(401, late.Allocate().Code);
    }

    [Fact]
    public void An_expired_credential_is_refused_before_any_secret_is_used()
    {
        var stand = Stand(Four);
        Assert.Equal(401, Client(stand, TimeLimitedCredential.Mint(Four[0], Start - 1, "4f9c2d7e1b6a")).Allocate().Code);
        // One computation, under the key that nobody has.
        Assert.Equal(1, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void A_username_whose_expiry_was_edited_is_refused()
    {
        var stand = Stand(Four);
        var credential = TimeLimitedCredential.Mint(Four[0], Start - 1, "4f9c2d7e1b6a");
        var edited = new TurnClient(stand, username: $"{Start + 3600}:4f9c2d7e1b6a", password: credential.Password);
        Assert.Equal(401, edited.Allocate().Code);
    }

    [Fact]
    public void A_credential_that_runs_out_during_a_call_still_refreshes_its_allocation()
    {
        var stand = Stand(Four);
        var client = Client(stand, TimeLimitedCredential.Mint(Four[1], Start + 60, "4f9c2d7e1b6a"));
        Assert.Equal(0, client.Allocate().Code);
        stand.Pass(599);
        Assert.Equal(0, client.Refresh().Code);
        Assert.Equal(0, client.Permit("9.9.9.9:1").Code);
    }

    [Fact]
    public void A_renewed_credential_is_charged_to_the_same_subject_but_does_not_take_over_an_allocation()
    {
        var stand = Stand(Four);
        var first = Client(stand, TimeLimitedCredential.Mint(Four[0], Start + 60, "4f9c2d7e1b6a"));
        Assert.Equal(0, first.Allocate().Code);
        var renewed = TimeLimitedCredential.Mint(Four[0], Start + 120, "4f9c2d7e1b6a");
        Assert.Equal(0, Client(stand, renewed, "203.0.113.78:1").Allocate().Code);
        Assert.Equal(2, stand.Ledger.Charged(new(CredentialKind.TimeLimited, Portunus.Bedrock.Bytes.Utf8("4f9c2d7e1b6a"))));

        first.Username = renewed.Username;
        first.Password = renewed.Password;
        Assert.Equal(441, first.Refresh().Code);
    }

    [Fact]
    public void A_static_user_and_a_registration_of_the_same_name_have_quotas_of_their_own()
    {
        var settings = TurnStand.Ordinary with { UserQuota = 1, StaticUserQuota = 1 };
        var stand = new TurnStand(settings, TurnStand.Users(Four));
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        var namesake = TimeLimitedCredential.MintFor(Four[0], Start + 60, "alice");
        Assert.Equal(0, Client(stand, namesake, "203.0.113.78:1").Allocate().Code);
        Assert.Equal(486, Client(stand, namesake, "203.0.113.79:1").Allocate().Code);
    }

    [Fact]
    public void A_static_name_of_the_time_limited_form_is_refused_at_the_start() =>
        Assert.Contains("time-limited", Assert.Throws<ArgumentException>(
            () => new CredentialVerifier(TurnStand.Realm, [new("1700000000:x", "geheim")], [])).Message);

    [Fact]
    public void A_fifth_secret_and_a_name_given_twice_are_refused_at_the_start_without_showing_a_secret()
    {
        Assert.Throws<ArgumentException>(() => new CredentialVerifier(TurnStand.Realm, [], [.. Four, Four[0]]));
        var twice = Assert.Throws<ArgumentException>(
            () => new CredentialVerifier(TurnStand.Realm, [new("a", "geheim"), new("a", "geheim")], []));
        Assert.DoesNotContain("geheim", twice.Message);
        Assert.DoesNotContain("geheim", new StaticUser("a", "geheim").ToString());
    }
}
