using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 7635 §7 and §9 at the server: who gets in by an access token, and who does not.</summary>
public class TokenTests
{
    [Fact]
    public void The_401_names_the_server_beside_the_challenge_for_passwords()
    {
        var reply = new TokenClient(TokenClient.Stand()).Bare(StunMethod.Allocate);
        Assert.Equal((401, TurnStand.Realm, TokenClient.Server), (reply.Code, reply.Realm, reply.ServerName));
        Assert.NotNull(reply.Nonce);
        Assert.NotNull(reply.Algorithms);
        // With the bit a client would have to send the kid as a hash (RFC 8489 §9.2.5), where RFC 7635 wants USERNAME.
        Assert.Equal(SecurityFeatures.PasswordAlgorithms, reply.Features);
    }

    [Fact]
    public void The_401_with_the_longest_names_and_a_FINGERPRINT_is_below_548_bytes()
    {
        var settings = TurnStand.Ordinary with { Realm = new('r', 127) };
        var sources = TokenClient.Sources with { Realm = settings.Realm, ServerName = new('s', 255) };
        var client = new TurnClient(new(settings, new CredentialVerifier(sources))) { Fingerprint = true };
        var reply = client.Bare(StunMethod.Allocate);
        Assert.Equal((401, 255, 484), (reply.Code, reply.ServerName!.Length, reply.Length));
        Assert.Throws<ArgumentException>(() => new CredentialVerifier(sources with { ServerName = new('s', 256) }));
    }

    [Theory]
    [InlineData(20, Integrity.Sha1)]
    [InlineData(32, Integrity.Sha256)]
    public void A_token_gives_an_allocation_and_every_answer_carries_integrity_by_its_key(int macLength, Integrity expected)
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand);
        client.Take(TokenClient.Mint(stand.Now, macLength: macLength));
        foreach (var reply in new[]
        {
            client.Allocate(), client.Refresh(), client.Permit("9.9.9.9:9"), client.Bind(0x4000, "9.9.9.9:9"), client.Refresh(0),
        })
        {
            Assert.Equal((0, expected), (reply.Code, reply.Integrity));
            Assert.True(reply.VerifiesWith(client.Key));
        }

        var refused = client.Refresh();
        Assert.Equal((437, expected), (refused.Code, refused.Integrity));
        Assert.True(refused.VerifiesWith(client.Key));
    }

    [Theory]
    [InlineData(20, Integrity.Sha256)]
    [InlineData(32, Integrity.Sha1)]
    public void A_key_is_good_for_the_attribute_that_its_length_is_for_and_no_other(int macLength, Integrity other)
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand) { Integrity = other };
        Assert.Equal(401, client.Take(TokenClient.Mint(stand.Now, macLength: macLength)).Allocate().Code);
    }

    [Theory]
    [InlineData(20, 16, 0)]
    [InlineData(20, 15, 401)]
    [InlineData(32, 16, 401)]
    [InlineData(32, 20, 401)]
    public void A_client_that_takes_the_first_16_of_20_bytes_as_coturns_is_answered_by_these(
        int macLength, int taken, int expected)
    {
        var stand = TokenClient.Stand();
        // A key whose cut form differs: no zeros at its end.
        var minted = TokenClient.Mint(stand.Now, macLength: macLength);
        var client = new TokenClient(stand) { KeyBytes = taken }.Take(minted);
        foreach (var reply in new[] { client.Allocate(), client.Refresh(), client.Permit("9.9.9.9:9") })
        {
            Assert.Equal(expected, reply.Code);
            if (expected == 0) Assert.True(reply.VerifiesWith(client.Key));
            else return;
        }
    }

    [Fact]
    public void Tokens_users_and_secrets_are_taken_at_one_listener()
    {
        var secret = TurnStand.Secret("north");
        var stand = new TurnStand(verifier: new CredentialVerifier(TokenClient.Sources with { Secrets = [secret] }));
        var minted = TimeLimitedCredential.Mint(secret, stand.Now.UnixSeconds + 60, "4f9c2d7e1b6a");
        Assert.Equal(0, new TokenClient(stand, "203.0.113.1:1").Allocate().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.2:1").Allocate().Code);
        Assert.Equal(0, new TurnClient(stand, "203.0.113.3:1", minted.Username, minted.Password).Allocate().Code);
        Assert.Equal([CredentialKind.Static, CredentialKind.TimeLimited, CredentialKind.Token],
            stand.Ledger.Sessions().Select(session => session.Subject.Kind).Order());
    }

    [Theory]
    [InlineData(StunMethod.Allocate)]
    [InlineData(StunMethod.Refresh)]
    public void A_token_where_none_was_asked_for_is_an_unknown_attribute(StunMethod method)
    {
        var reply = new TokenClient(new()).Ask(method);
        Assert.Equal(420, reply.Code);
        Assert.Equal([AttributeType.AccessToken], reply.Unknown);
    }

    [Fact]
    public void A_token_belongs_into_Allocate_and_Refresh_alone()
    {
        var client = new TokenClient(TokenClient.Stand());
        client.Allocate();
        Assert.Equal(420, client.Permit("9.9.9.9:9", withToken: true).Code);
        Assert.Equal(420, client.Bind(0x4000, "9.9.9.9:9", withToken: true).Code);
        Assert.Equal(0, client.Bind(0x4000, "9.9.9.9:9").Code);
    }

    [Fact]
    public void A_token_for_turn1_is_refused_at_turn2()
    {
        var sources = TokenClient.Sources with { ServerName = "turn2.ims.example.net" };
        var turn2 = new TurnStand(verifier: new CredentialVerifier(sources));
        var client = new TokenClient(turn2);
        Assert.Equal(401, client.Allocate().Code);
        Assert.Equal(0, client.Take(TokenClient.Mint(turn2.Now, server: "turn2.ims.example.net")).Allocate().Code);
    }

    [Theory]
    [InlineData(5, 0)]
    [InlineData(6, 401)]
    [InlineData(3000, 401)]
    public void A_token_dated_more_than_five_seconds_ahead_is_refused(int ahead, int expected)
    {
        var stand = TokenClient.Stand();
        var dated = TokenClient.Mint(stand.Now + TimeSpan.FromSeconds(ahead));
        Assert.Equal(expected, new TokenClient(stand).Take(dated).Allocate().Code);
    }

    [Theory]
    [InlineData(64, 0)]
    [InlineData(65, 401)]
    public void A_token_is_refused_from_five_seconds_after_its_lifetime(int age, int expected)
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand).Take(TokenClient.Mint(stand.Now, lifetime: 60));
        stand.Pass(age);
        Assert.Equal(expected, client.Allocate().Code);
    }

    [Fact]
    public void A_wrong_kid_a_wrong_key_and_another_servers_key_are_401_with_a_new_challenge()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand);
        foreach (var (kid, mac, token) in new[]
        {
            ("nobody", client.MacKey, client.Token), (TokenClient.Second.Kid, client.MacKey, client.Token),
            (client.Kid, new byte[20], client.Token),
        })
        {
            var reply = new TokenClient(stand, "203.0.113.9:9").Take((kid, mac, token)).Allocate();
            Assert.Equal((401, TokenClient.Server, Integrity.None), (reply.Code, reply.ServerName, reply.Integrity));
        }

        Assert.Empty(stand.Effects);
    }

    [Fact]
    public void Malformed_tokens_are_401()
    {
        var stand = TokenClient.Stand();
        var good = TokenClient.Mint(stand.Now);
        var nonce = "grant0010001"u8.ToArray();
        byte[][] malformed =
        [
            [],
            // nonce_length beyond the end, and of another length than the cipher's.
            [0xFF, 0xFF, .. good.Token[2..]],
            [0, 255, .. good.Token[2..]],
            [0, 11, .. good.Token[2..]],
            [0, 0, .. good.Token[2..]],
            // Sealed as it should be, around what is none: a key of no bytes, one longer than the block, 16 bytes, a byte too
            // many.
            Sealed(nonce, [0, 0, .. Times(stand.Now, 60)]),
            Sealed(nonce, [0xFF, 0xFF, .. new byte[20], .. Times(stand.Now, 60)]),
            Sealed(nonce, [0, 16, .. new byte[16], .. Times(stand.Now, 60)]),
            Sealed(nonce, [0, 20, .. new byte[20], .. Times(stand.Now, 60), 0]),
            // A life of no time, and of more than a day.
            Sealed(nonce, [0, 20, .. new byte[20], .. Times(stand.Now, 0)]),
            Sealed(nonce, [0, 20, .. new byte[20], .. Times(stand.Now, 86_401)]),
            new byte[256],
        ];
        foreach (var token in malformed)
            Assert.Equal(401, new TokenClient(stand).Take((good.Kid, new byte[20], token)).Allocate().Code);
        Assert.Equal(0, new TokenClient(stand).Take((good.Kid, new byte[20],
            Sealed(nonce, [0, 20, .. new byte[20], .. Times(stand.Now, 60)]))).Allocate().Code);
    }

    [Fact]
    public void Any_bytes_as_a_token_are_401()
    {
        var stand = TokenClient.Stand();
        var good = TokenClient.Mint(stand.Now);
        Gen.Select(Gen.Byte.Array[0, 300], Gen.Int[0, 3]).Sample((bytes, kind) =>
        {
            // Noise; noise behind a right nonce_length; a good token with a part overwritten, or something after it.
            if (kind == 1 && bytes.Length > 1) (bytes[0], bytes[1]) = (0, 12);
            if (kind == 2) bytes = [.. bytes.Take(64), .. good.Token.Skip(bytes.Length)];
            if (kind == 3) bytes = [.. good.Token, .. bytes];
            if (bytes.AsSpan().SequenceEqual(good.Token)) return;
            Assert.Equal(401, new TokenClient(stand).Take((good.Kid, good.MacKey, bytes)).Allocate().Code);
        }, threads: 1);
        Assert.Empty(stand.Effects);
    }

    [Fact]
    public void Password_algorithms_are_checked_as_ever_and_choose_nothing()
    {
        var client = new TokenClient(TokenClient.Stand()) { EchoesAlgorithms = true };
        var reply = client.Allocate();
        Assert.Equal((0, Integrity.Sha1), (reply.Code, reply.Integrity));
        Assert.True(reply.VerifiesWith(client.Key));
        Assert.Equal(400, client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.AddPasswordAlgorithms([1])).Code);
        client.EchoesAlgorithms = false;
        Assert.Equal(400, client.Ask(StunMethod.Refresh, (ref StunWriter w) => w.AddPasswordAlgorithm(1)).Code);
    }

    [Fact]
    public void A_token_captured_on_the_way_is_worth_nothing_without_its_key_or_from_another_address()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand);
        client.Allocate();
        var captured = client.Proved(StunMethod.Refresh, (ref StunWriter w) => w.AddLifetime(0));
        Assert.Equal(438, stand.Send(new TurnClient(stand, "203.0.113.66:6").Path, captured).Code);
        Assert.Single(stand.Ledger.Sessions());
    }

    [Fact]
    public void A_token_makes_several_allocations_and_its_id_is_charged_with_them_all()
    {
        var stand = TokenClient.Stand(TurnStand.Ordinary with { UserQuota = 2 });
        var minted = TokenClient.Mint(stand.Now, id: "grant007");
        int Allocate(int port) => new TokenClient(stand, $"203.0.113.7:{port}").Take(minted).Allocate().Code;
        Assert.Equal([0, 0, 486], Enumerable.Range(1, 3).Select(Allocate));
        Assert.Equal(2, stand.Ledger.Charged(TokenClient.Subject("grant007")));
        // A later token of the same grant has another counter and the same id.
        var other = new TokenClient(stand, "203.0.113.8:8");
        Assert.Equal(486, other.Take(TokenClient.Mint(stand.Now, id: "grant007")).Allocate().Code);
        Assert.Equal(0, other.Take(TokenClient.Mint(stand.Now, id: "grant008")).Allocate().Code);
    }

    [Fact]
    public void A_retransmitted_Allocate_with_a_token_is_answered_alike()
    {
        var stand = TokenClient.Stand();
        var client = new TokenClient(stand);
        var id = TurnClient.NextTransaction();
        Assert.Equal(client.Allocate(transaction: id).Bytes, client.Allocate(transaction: id).Bytes);
        Assert.Equal(437, client.Allocate().Code);
    }

    [Fact]
    public void A_request_that_waits_for_its_relay_needs_no_second_opening_of_its_token()
    {
        var stand = TokenClient.Stand();
        stand.Outside = _ => null;
        var client = new TokenClient(stand);
        client.Allocate();
        // The keys are gone by the time the relay is there.
        stand.Order(new TurnOrder.UseVerifier(new CredentialVerifier(
            TokenClient.Sources with { TokenKeys = [new(TokenClient.Second)] })));
        var asked = stand.Effects.OfType<TurnEffect.Ask>().Single();
        stand.Opened.Add(stand.Asked.Single().Relay);
        Assert.Equal(0, stand.Answer(asked.Id, new TurnAnswer.RelayOpened(stand.Asked.Single().Relay)).Code);
    }

    [Fact]
    public void Kids_are_given_once_and_nothing_shows_a_key()
    {
        var twice = TokenClient.Sources with { TokenKeys = [new(TokenClient.First), new(TokenClient.First)] };
        Assert.Contains("given twice", Assert.Throws<ArgumentException>(() => new CredentialVerifier(twice)).Message);
        var verifier = new CredentialVerifier(TokenClient.Sources);
        object[] things = [verifier, verifier.Tokens!, TokenClient.Sources, TokenClient.Sources.TokenKeys[0]];
        foreach (var thing in things)
            Assert.DoesNotContain("0123456789abcdef", $"{thing}");
    }

    static byte[] Times(Instant now, uint lifetime)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(bytes, now.UnixSeconds << 16);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), lifetime);
        return bytes;
    }

    static byte[] Sealed(byte[] nonce, byte[] plain)
    {
        using var cipher = new AesGcm(TokenClient.First.Value.Span, 16);
        var (block, tag) = (new byte[plain.Length], new byte[16]);
        cipher.Encrypt(nonce, plain, block, tag, Encoding.ASCII.GetBytes(TokenClient.Server));
        return [0, 12, .. nonce, .. block, .. tag];
    }
}
