using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Tests.Fast.Credentials;

public class TurnCredentialTests
{
    static readonly TurnUri[] Servers =
        [new(false, "turn1.ims.example.net", 3478, "udp"), new(true, "turn1.ims.example.net", 443, "tcp")];

    static readonly string[] Names =
        ["uris", "username", "credential", "ttl", "kid", "mac-key", "access-token", "server-name", "realm"];

    [Fact]
    public void A_password_credential_is_written_as_the_header_has_it()
    {
        var credential = new PasswordCredential(Servers, "1700003600:4f9c2d7e1b6a", "pass=", "ims.example.net", 3600);
        Assert.Equal("password", credential.Type);
        Assert.Equal(
            [
                new("uris", "turn:turn1.ims.example.net:3478?transport=udp turns:turn1.ims.example.net:443?transport=tcp"),
                new("username", "1700003600:4f9c2d7e1b6a"), new("credential", "pass="), new("realm", "ims.example.net"),
                new("ttl", "3600", Quoted: false),
            ],
            credential.Parameters);
    }

    [Fact]
    public void An_access_token_is_written_as_the_header_has_it()
    {
        var credential = new OAuthCredential(Servers[..1], "kid1", Bytes.Copy([1, 2, 3]), Bytes.Copy([4, 5]), "turn1", 1800);
        Assert.Equal("oauth", credential.Type);
        Assert.Equal(["uris", "kid", "mac-key", "access-token", "server-name", "ttl"], credential.Parameters.Select(p => p.Name));
        Assert.Equal(["AQID", "BAU="], credential.Parameters.Skip(2).Take(2).Select(p => p.Value));
    }

    [Fact]
    public void What_is_written_is_read_again_in_any_order_among_unknown_parameters() =>
        Gen.Select(Gen.Bool, Gen.Bool, Gen.Int[0, int.MaxValue], Gen.String[Gen.Char[' ', '~'], 1, 20], Gen.Byte.Array[1, 40])
            .Sample((password, realm, ttl, text, bytes) =>
            {
                TurnCredential credential = password
                    ? new PasswordCredential(Servers, text, text + "!", realm ? text : null, ttl)
                    : new OAuthCredential(Servers, text, Bytes.Copy(bytes), Bytes.Copy(bytes), text, ttl);
                var reversed = credential.Parameters.Reverse().Select(p => p with { Name = p.Name.ToUpperInvariant() });
                NameValue[] shuffled = [new("x", "y"), .. reversed];
                Assert.True(TurnCredential.TryRead(credential.Type.ToUpperInvariant(), shuffled, out var read));
                Assert.Equal(credential.Type, read.Type);
                Assert.Equal(credential.Parameters, read.Parameters);
            });

    [Theory]
    [InlineData("uris", null)]
    [InlineData("username", null)]
    [InlineData("credential", null)]
    [InlineData("ttl", null)]
    [InlineData("uris", "")]
    [InlineData("uris", "http://example.org")]
    [InlineData("uris", "turn:a  turn:b")]
    [InlineData("uris",
        "turn:a turn:b turn:c turn:d turn:e turn:f turn:g turn:h turn:i turn:j turn:k turn:l turn:m turn:n turn:o turn:p turn:q")]
    [InlineData("username", "")]
    [InlineData("ttl", "")]
    [InlineData("ttl", "-1")]
    [InlineData("ttl", "1e3")]
    [InlineData("ttl", "99999999999")]
    public void A_password_credential_without_its_parts_is_none(string name, string? value)
    {
        var parameters = new PasswordCredential(Servers, "u", "c", null, 1).Parameters
            .Where(p => p.Name != name || value is not null)
            .Select(p => p.Name == name ? p with { Value = value! } : p).ToArray();
        Assert.False(TurnCredential.TryRead("password", parameters, out _));
    }

    [Theory]
    [InlineData("kid", "")]
    [InlineData("mac-key", "")]
    [InlineData("mac-key", "no base64!")]
    [InlineData("access-token", "AQI")]
    [InlineData("server-name", "")]
    public void An_access_token_without_its_parts_is_none(string name, string value)
    {
        var parameters = new OAuthCredential(Servers, "k", Bytes.Copy([1]), Bytes.Copy([2]), "s", 1).Parameters
            .Select(p => p.Name == name ? p with { Value = value } : p).ToArray();
        Assert.False(TurnCredential.TryRead("oauth", parameters, out _));
    }

    [Fact]
    public void A_type_that_nobody_knows_is_none() =>
        Assert.False(TurnCredential.TryRead("certificate",
            [.. new PasswordCredential(Servers, "u", "c", null, 1).Parameters], out _));

    [Fact]
    public void Any_parameters_give_a_value() =>
        Gen.Select(Gen.OneOf(Gen.Const("password"), Gen.Const("oauth"), Gen.String),
            Gen.Select(Gen.Int[0, 8], Gen.OneOf(Gen.String, Gen.Const("turn:a"), Gen.Const("1"), Gen.Const("AQID")))
                .Select((name, value) => new NameValue(Names[name], value)).Array[0, 8])
            .Sample((type, parameters) => { TurnCredential.TryRead(type, parameters, out _); });

    [Fact]
    public void Nothing_shows_a_secret()
    {
        TurnCredential[] all =
        [
            new PasswordCredential(Servers, "somebody", "hidden", null, 1),
            new OAuthCredential(Servers, "somebody", Bytes.Utf8("hidden"), Bytes.Utf8("hidden"), "turn1", 1),
        ];
        foreach (var credential in all)
        {
            Assert.DoesNotContain("hidden", credential.ToString(), StringComparison.Ordinal);
            Assert.DoesNotContain("hidden", string.Join(' ', credential.Parameters), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_request_is_read_as_it_was_written()
    {
        Assert.True(TurnCredentialRequest.TryRead(["Password", "oauth", "later"],
            [new("x", "y"), new("Transports", "UDP, tcp,,tls"), new("realm", "ims.example.net")], out var request));
        Assert.Equal(["password", "oauth", "later"], request.Types);
        Assert.Equal(["udp", "tcp", "tls"], request.Transports);
        Assert.True(request.Asks(TurnCredential.Password));
        Assert.False(request.Asks("certificate"));

        Assert.True(TurnCredentialRequest.TryRead([.. request.Types], [.. request.Parameters], out var again));
        Assert.Equal((request.Realm, "udp,tcp,tls"), (again.Realm, string.Join(',', again.Transports)));
        Assert.Equal([new("x", "y")], again.Extensions);
    }

    [Fact]
    public void Of_parameters_that_nobody_knows_eight_are_kept()
    {
        NameValue[] many = [.. Enumerable.Range(0, 20).Select(i => new NameValue($"x{i}", "y")), new("realm", "r")];
        Assert.True(TurnCredentialRequest.TryRead(["password"], many, out var request));
        Assert.Equal(many[..8], request.Extensions);
        Assert.Equal("r", request.Realm);
    }

    [Fact]
    public void A_bare_word_is_a_full_request()
    {
        Assert.True(TurnCredentialRequest.TryRead(["password"], [], out var request));
        Assert.Null(request.Realm);
        Assert.Empty(request.Transports);
        Assert.Empty(request.Parameters);
    }

    [Fact]
    public void A_request_for_nothing_or_for_too_much_is_none()
    {
        Assert.False(TurnCredentialRequest.TryRead([], [], out _));
        Assert.False(TurnCredentialRequest.TryRead(Enumerable.Repeat("x", 9).ToArray(), [], out _));
        Assert.False(TurnCredentialRequest.TryRead(["x"], [new("transports", new string(',', 9).Replace(",", "u,"))], out _));
    }
}
