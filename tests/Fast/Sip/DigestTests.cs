using Portunus.Sip;

namespace Portunus.Tests.Fast.Sip;

public class DigestTests
{
    const string Sha256Challenge =
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, "
        + "nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";

    const string ClientNonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";

    [Theory]
    [InlineData("MD5", "8ca523f5e9506fed4657c9700eebdbec")]
    [InlineData("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1")]
    public void The_example_of_RFC_7616_3_9_1_comes_out(string algorithm, string response)
    {
        Assert.True(DigestChallenge.TryParse(Sha256Challenge.Replace("SHA-256", algorithm), out var challenge));
        Assert.True(challenge.IsAnswerable);
        var secret = DigestSecret.Of(challenge.Algorithm!.Value, "Mufasa", challenge.Realm, "Circle of Life");
        var answer = DigestCredentials.Answer(challenge, "Mufasa", secret, "GET", "/dir/index.html", ClientNonce, 1);
        Assert.Equal(response, answer.Response);
        Assert.Equal("00000001", answer.NonceCountText);
        Assert.Equal(challenge.Opaque, answer.Opaque);

        Assert.True(DigestCredentials.TryParse(answer.ToHeaderText(), out var read));
        Assert.Equal(answer.Parameters, read.Parameters);
        Assert.True(secret.Verify(read, "GET"));
        Assert.False(secret.Verify(read, "PUT"));
        Assert.False(secret.Verify(read.With("nc", "00000002", quoted: false), "GET"));
        Assert.False(secret.Verify(read.With("uri", "/"), "GET"));
        Assert.False(secret.Verify(read.With("response", ""), "GET"));
        Assert.True(secret.Verify(read.With("response", response.ToUpperInvariant()), "GET"));
    }

    [Fact]
    public void The_example_of_RFC_2617_3_5_comes_out()
    {
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, "Mufasa", "testrealm@host.com", "Circle Of Life");
        Assert.Equal("939e7578ed9e3c518a452acee763bce9", Convert.ToHexStringLower(secret.ToBytes()));
        Assert.Equal("6629fae49393a05397450978507c4ef1",
            secret.Respond("GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093", "auth", "00000001", "0a4f113b"));
        // Without qop, as RFC 2069 and RFC 3261 §22.4 note 6 have it.
        Assert.Equal("670fd8c2df070c60b045671b8b24ff02",
            secret.Respond("GET", "/dir/index.html", "dcd98b7102dd2f0e8b11d0f600bfb0c093", null, null, null));
    }

    [Fact]
    public void The_topmost_challenge_that_is_known_is_chosen()
    {
        var response = Wire.Message("""
            SIP/2.0 401 Unauthorized
            WWW-Authenticate: Bearer authz_server="https://as.example"
            WWW-Authenticate: Digest realm="a", nonce="1", algorithm=SHA-512-256, qop="auth"
            WWW-Authenticate: Digest realm="a", nonce="2", algorithm=MD5, qop="auth-int"
            WWW-Authenticate: Digest realm="a", nonce="3", algorithm=SHA-256, qop="auth", stale=TRUE
            WWW-Authenticate: Digest realm="a", nonce="4", algorithm=MD5, qop="auth"


            """);
        var chosen = DigestChallenge.Choose(response)!;
        Assert.Equal("3", chosen.Nonce);
        Assert.Equal(DigestAlgorithm.Sha256, chosen.Algorithm);
        Assert.True(chosen.IsStale);
    }

    [Fact]
    public void An_IMS_client_asks_to_be_challenged_with_empty_nonce_and_response()
    {
        const string Empty =
            "Digest username=\"alice@ims.example\", realm=\"ims.example\", nonce=\"\", uri=\"sip:ims.example\", response=\"\"";
        Assert.True(DigestCredentials.TryParse(Empty + ", integrity-protected=\"no\"", out var credentials));
        Assert.True(credentials.IsUnanswered);
        Assert.Equal(DigestAlgorithm.Md5, credentials.Algorithm);
        Assert.Equal(Empty, credentials.Without("integrity-protected").ToHeaderText());
    }

    [Fact]
    public void Schemes_are_told_apart_and_a_bearer_is_not_read()
    {
        var request = Wire.Message("""
            REGISTER sip:ims.example SIP/2.0
            Authorization: bearer access_token="secret"
            Authorization: NewScheme x
            Authorization: Digest username="a", realm="r", nonce="n", uri="u", response="x", algorithm=AKAv1-MD5


            """);
        Assert.True(AuthScheme.IsIn(request, HeaderName.Authorization, AuthScheme.Bearer));
        var credentials = DigestCredentials.Of(request)!;
        Assert.Equal("a", credentials.Username);
        Assert.Null(credentials.Algorithm);
        Assert.Null(DigestCredentials.Of(request, realm: "other"));
        request.RemoveWhere(h => h.Name == HeaderName.Authorization && AuthScheme.Is(h, AuthScheme.Bearer));
        Assert.Equal(2, request.Count(HeaderName.Authorization));
    }

    [Theory]
    [InlineData("Digest")]
    [InlineData("Digest ")]
    [InlineData("Digest username=\"a")]
    [InlineData("Digest username=\"a\" realm=\"b\"")]
    [InlineData("Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\",")]
    [InlineData("Digestusername=\"a\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"")]
    [InlineData("Basic dXNlcg==")]
    public void What_is_not_digest_credentials_is_refused(string text) => Assert.False(DigestCredentials.TryParse(text, out _));

    [Fact]
    public void Of_a_parameter_that_is_there_twice_only_the_first_is_handed_on()
    {
        const string Once = "Digest username=\"a\", realm=\"r\", nonce=\"n\", uri=\"u\", response=\"x\"";
        Assert.True(DigestCredentials.TryParse(Once + ", Username=\"b\", nonce=m", out var credentials));
        Assert.Equal(Once, credentials.ToHeaderText());
    }

    [Fact]
    public void No_secret_and_no_response_show_in_text()
    {
        var secret = DigestSecret.Of(DigestAlgorithm.Md5, "alice", "r", "password");
        Assert.Equal("H(A1) MD5", secret.ToString());
        var answer = DigestCredentials.Answer(new("r", "n"), "alice", secret, "REGISTER", "sip:r", "c", 1);
        Assert.DoesNotContain(answer.Response, answer.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_kept_hash_is_read_in_either_case_and_only_at_its_length()
    {
        var hex = Convert.ToHexString(DigestSecret.Of(DigestAlgorithm.Sha256, "a", "b", "c").ToBytes());
        Assert.True(DigestSecret.TryParse(DigestAlgorithm.Sha256, hex, out var upper));
        Assert.True(DigestSecret.TryParse(DigestAlgorithm.Sha256, hex.ToLowerInvariant(), out var lower));
        Assert.Equal(upper.ToBytes(), lower.ToBytes());
        Assert.False(DigestSecret.TryParse(DigestAlgorithm.Md5, hex, out _));
        Assert.False(DigestSecret.TryParse(DigestAlgorithm.Sha256, null, out _));
    }
}
