using System.Text;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>RFC 8489 §9.2.4, bullet by bullet.</summary>
public class AuthenticationTests
{
    static readonly byte[] Offered = [0, 2, 0, 0, 0, 1, 0, 0];

    [Fact]
    public void A_request_without_integrity_is_answered_401_with_realm_nonce_and_algorithms()
    {
        var reply = new TurnClient(new()).Bare(StunMethod.Allocate);

        Assert.Equal(401, reply.Code);
        Assert.Equal(TurnStand.Realm, reply.Realm);
        Assert.Equal(StatelessNonce.Length, reply.Nonce!.Length);
        Assert.Equal(Offered, reply.Algorithms);
        Assert.Equal(Integrity.None, reply.Integrity);
        Assert.False(reply.Has(AttributeType.Username));
        Assert.False(reply.Has(AttributeType.Software));
    }

    [Theory]
    [InlineData(StunMethod.Allocate)]
    [InlineData(StunMethod.Refresh)]
    [InlineData(StunMethod.CreatePermission)]
    [InlineData(StunMethod.ChannelBind)]
    public void Every_method_of_TURN_wants_credentials_before_anything_else(StunMethod method) =>
        Assert.Equal(401, new TurnClient(new()).Bare(method).Code);

    [Fact]
    public void The_401_to_a_stranger_has_104_bytes_and_216_with_the_longest_realm()
    {
        Assert.Equal(104, new TurnClient(new()).Bare(StunMethod.Allocate).Length);
        var longest = TurnStand.Ordinary with { Realm = new('r', 127) };
        var stand = new TurnStand(longest, new CredentialVerifier(longest.Realm, [], []));
        Assert.Equal(216, new TurnClient(stand).Bare(StunMethod.Allocate).Length);
    }

    [Fact]
    public void The_cookie_names_password_algorithms_and_anonymity_only_where_every_user_can_be_found_by_hash()
    {
        Assert.Equal(SecurityFeatures.PasswordAlgorithms | SecurityFeatures.UsernameAnonymity,
            new TurnClient(new()).Bare(StunMethod.Allocate).Features);
        var withSecrets = new TurnStand(verifier: TurnStand.Users(TurnStand.Secret("s")));
        Assert.Equal(SecurityFeatures.PasswordAlgorithms, new TurnClient(withSecrets).Bare(StunMethod.Allocate).Features);
    }

    [Fact]
    public void Two_addresses_are_never_given_the_same_nonce()
    {
        var stand = new TurnStand();
        var nonces = new[] { "203.0.113.1:1", "203.0.113.1:2", "203.0.113.2:1" }
            .Select(address => Encoding.ASCII.GetString(new TurnClient(stand, address).Bare(StunMethod.Allocate).Nonce!));
        Assert.Equal(3, nonces.Distinct().Count());
    }

    [Theory]
    [InlineData(AttributeType.Username)]
    [InlineData(AttributeType.Realm)]
    [InlineData(AttributeType.Nonce)]
    public void Integrity_without_username_realm_or_nonce_is_answered_400_without_a_challenge(AttributeType missing)
    {
        var client = new TurnClient(new());
        var nonce = client.Bare(StunMethod.Allocate).Nonce!;
        var reply = client.Bare(StunMethod.Allocate, (ref StunWriter writer) =>
        {
            if (missing != AttributeType.Username) writer.Add(AttributeType.Username, "alice"u8);
            if (missing != AttributeType.Realm) writer.Add(AttributeType.Realm, "ims.example.net"u8);
            if (missing != AttributeType.Nonce) writer.Add(AttributeType.Nonce, nonce);
            writer.AddIntegrity(Integrity.Sha1, client.Key);
        });

        Assert.Equal(400, reply.Code);
        Assert.Null(reply.Realm);
        Assert.Null(reply.Nonce);
        Assert.Equal(Integrity.None, reply.Integrity);
    }

    [Fact]
    public void A_client_of_RFC_5389_gets_in_with_MD5_and_is_answered_with_MESSAGE_INTEGRITY()
    {
        var client = new TurnClient(new());
        var reply = client.Allocate();

        Assert.Equal(StunClass.Success, reply.Class);
        Assert.Equal(Integrity.Sha1, reply.Integrity);
        Assert.True(reply.VerifiesWith(client.Key));
    }

    [Theory]
    [InlineData(PasswordAlgorithm.Md5, Integrity.Sha1)]
    [InlineData(PasswordAlgorithm.Md5, Integrity.Sha256)]
    [InlineData(PasswordAlgorithm.Sha256, Integrity.Sha1)]
    [InlineData(PasswordAlgorithm.Sha256, Integrity.Sha256)]
    public void A_client_that_names_an_algorithm_is_answered_with_MESSAGE_INTEGRITY_SHA256(
        PasswordAlgorithm algorithm, Integrity integrity)
    {
        var client = new TurnClient(new()) { Algorithm = algorithm, Integrity = integrity };
        var reply = client.Allocate();

        Assert.Equal(StunClass.Success, reply.Class);
        Assert.Equal(Integrity.Sha256, reply.Integrity);
        Assert.True(reply.VerifiesWith(client.Key));
    }

    [Fact]
    public void Without_algorithms_even_a_SHA256_integrity_is_answered_with_MESSAGE_INTEGRITY()
    {
        var client = new TurnClient(new()) { Integrity = Integrity.Sha256 };
        Assert.Equal(Integrity.Sha1, client.Allocate().Integrity);
    }

    [Fact]
    public void Error_answers_to_a_proved_sender_carry_integrity_too()
    {
        var client = new TurnClient(new()) { Algorithm = PasswordAlgorithm.Sha256 };
        var reply = client.Refresh();

        Assert.Equal(437, reply.Code);
        Assert.Equal(Integrity.Sha256, reply.Integrity);
        Assert.True(reply.VerifiesWith(client.Key));
    }

    public static TheoryData<ushort[]?, ushort?> BrokenAlgorithms => new()
    {
        { null, 2 },                // the list is not echoed
        { [2, 1], null },           // none is chosen
        { [1], 1 },                 // a bid-down: SHA-256 was taken out of the list
        { [1, 2], 2 },              // another order
        { [2, 1], 3 },              // one that is not in the list
        { [2, 1, 3], 2 },           // one was added
    };

    [Theory]
    [MemberData(nameof(BrokenAlgorithms))]
    public void A_list_or_choice_of_algorithms_that_does_not_match_is_answered_400(ushort[]? list, ushort? chosen)
    {
        var client = new TurnClient(new());
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        var reply = client.Allocate((ref StunWriter writer) =>
        {
            if (list is not null) writer.AddPasswordAlgorithms(list);
            if (chosen is { } one) writer.AddPasswordAlgorithm(one);
        });

        Assert.Equal(400, reply.Code);
        Assert.Equal(Integrity.None, reply.Integrity);
    }

    [Fact]
    public void A_nonce_whose_cookie_was_altered_is_answered_438()
    {
        var client = new TurnClient(new());
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce!.ToArray();
        NonceCookie.Write(client.Nonce, SecurityFeatures.None);
        Assert.Equal(438, client.Allocate().Code);
    }

    [Fact]
    public void A_wrong_password_and_an_unknown_name_cost_and_say_the_same()
    {
        var stand = new TurnStand();
        var wrong = new TurnClient(stand, password: "wrong");
        var unknown = new TurnClient(stand, username: "alien");
        wrong.Nonce = unknown.Nonce = wrong.Bare(StunMethod.Allocate).Nonce;

        var before = stand.Server.Counters.CredentialsTried;
        var first = wrong.Allocate();
        var between = stand.Server.Counters.CredentialsTried;
        var second = unknown.Allocate();

        Assert.Equal(1, between - before);
        Assert.Equal(1, stand.Server.Counters.CredentialsTried - between);
        Assert.Equal(401, first.Code);
        Assert.Equal(first.Bytes[20..], second.Bytes[20..]);
        Assert.Equal(first.Bytes[..8], second.Bytes[..8]);
    }

    [Fact]
    public void A_401_to_a_wrong_password_carries_a_challenge_and_no_integrity()
    {
        var reply = new TurnClient(new(), password: "wrong").Allocate();
        Assert.Equal((401, TurnStand.Realm, Integrity.None), (reply.Code, reply.Realm, reply.Integrity));
        Assert.NotNull(reply.Nonce);
        Assert.Equal(Offered, reply.Algorithms);
    }

    [Fact]
    public void A_stale_nonce_is_answered_438_with_a_nonce_that_works()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        stand.Pass(3599);
        Assert.Equal(0, client.Allocate().Code);
        stand.Pass(3);
        var reply = client.Refresh();
        Assert.Equal(438, reply.Code);
        Assert.Equal((TurnStand.Realm, Integrity.None), (reply.Realm, reply.Integrity));
        Assert.Equal(Offered, reply.Algorithms);
        client.Nonce = reply.Nonce;
        Assert.Equal(0, client.Refresh().Code);
    }

    [Fact]
    public void A_nonce_replayed_from_another_address_or_port_is_answered_438_whatever_the_password()
    {
        var stand = new TurnStand();
        var nonce = new TurnClient(stand, "203.0.113.77:40000").Bare(StunMethod.Allocate).Nonce;
        foreach (var address in new[] { "203.0.113.77:40001", "203.0.113.78:40000" })
            foreach (var password in new[] { "wonderland", "wrong" })
                Assert.Equal(438, new TurnClient(stand, address, password: password) { Nonce = nonce }.Allocate().Code);
        Assert.Equal(0, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void A_flood_of_forged_integrity_never_reaches_the_verifier()
    {
        var verifier = new CountingVerifier(TurnStand.Users(TurnStand.Secret("a"), TurnStand.Secret("b")));
        var stand = new TurnStand(verifier: verifier);
        var client = new TurnClient(stand, username: "1900000000:x", password: "guess");
        client.Nonce = new byte[StatelessNonce.Length];
        for (var i = 0; i < 1000; i++) Assert.Equal(438, client.Allocate().Code);
        Assert.Equal(0, verifier.Asked);

        // With a nonce of his own, a stranger costs one try of each secret, and no more.
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        for (var i = 0; i < 10; i++) Assert.Equal(401, client.Allocate().Code);
        Assert.Equal(20, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void However_many_keys_a_verifier_has_four_are_tried()
    {
        var stand = new TurnStand(verifier: new EndlessVerifier());
        Assert.Equal(401, new TurnClient(stand).Allocate().Code);
        Assert.Equal(4, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void Another_realm_than_ours_is_answered_401_untried()
    {
        var stand = new TurnStand();
        Assert.Equal(401, new TurnClient(stand) { Realm = "elsewhere.example" }.Allocate().Code);
        Assert.Equal(0, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void A_user_is_found_by_hash()
    {
        var client = new TurnClient(new()) { ByHash = true, Algorithm = PasswordAlgorithm.Sha256, Integrity = Integrity.Sha256 };
        Assert.Equal(0, client.Allocate().Code);
        Assert.Equal(0, client.Refresh().Code);
        client.ByHash = false;
        Assert.Equal(0, client.Refresh().Code);
    }

    [Fact]
    public void Where_secrets_are_a_hash_is_no_name_and_an_unknown_hash_is_none_anywhere()
    {
        var withSecrets = new TurnStand(verifier: TurnStand.Users(TurnStand.Secret("s")));
        Assert.Equal(401, new TurnClient(withSecrets) { ByHash = true }.Allocate().Code);
        var stand = new TurnStand();
        Assert.Equal(401, new TurnClient(stand, username: "alien") { ByHash = true }.Allocate().Code);
        Assert.Equal(1, stand.Server.Counters.CredentialsTried);
    }

    [Fact]
    public void Rotated_keys_leave_the_nonces_of_the_key_before_good_and_no_older_ones()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        Assert.Equal(0, client.Allocate().Code);
        stand.Keys = stand.Keys.Rotate(stand.Random);
        stand.Server.OnOrder(stand.Now, new TurnOrder.UseNonceKeys(stand.Keys));
        Assert.Equal(0, client.Refresh().Code);
        stand.Server.OnOrder(stand.Now, new TurnOrder.UseNonceKeys(stand.Keys.Rotate(stand.Random)));
        Assert.Equal(438, client.Refresh().Code);
    }

    [Fact]
    public void An_allocation_opened_by_one_algorithm_can_be_refreshed_by_the_other()
    {
        var client = new TurnClient(new());
        Assert.Equal(0, client.Allocate().Code);
        client.Algorithm = PasswordAlgorithm.Sha256;
        Assert.Equal((0, Integrity.Sha256), (client.Refresh().Code, client.Refresh().Integrity));
        client.Algorithm = null;
        Assert.Equal((0, Integrity.Sha1), (client.Refresh().Code, client.Refresh().Integrity));
    }

    [Fact]
    public void A_truncated_SHA256_integrity_is_no_proof()
    {
        var client = new TurnClient(new()) { Algorithm = PasswordAlgorithm.Sha256, Integrity = Integrity.Sha256 };
        client.Nonce = client.Bare(StunMethod.Allocate).Nonce;
        var whole = client.Proved(StunMethod.Refresh);
        // 16 of the 32 bytes, the header's length less by as many.
        var cut = whole[..^16];
        cut[3] -= 16;
        cut[^17] = 16;
        var stand = new TurnStand();
        Assert.Equal(401, stand.Send(client.Path, cut).Code);
    }

    [Fact]
    public void Attributes_after_the_integrity_count_for_nothing()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand);
        Assert.Equal(0, client.Allocate().Code);
        // LIFETIME 0 behind MESSAGE-INTEGRITY must not delete the allocation.
        byte[] altered = [.. client.Proved(StunMethod.Refresh), 0, 0x0D, 0, 4, 0, 0, 0, 0];
        altered[3] += 8;
        var reply = stand.Send(client.Path, altered);
        Assert.Equal(600u, reply.Lifetime);
        Assert.Empty(stand.Closed);
    }

    [Fact]
    public void An_unknown_attribute_is_told_to_a_proved_sender_only()
    {
        var client = new TurnClient(new());
        Assert.Equal(401, client.Bare(StunMethod.Allocate, (ref StunWriter w) => w.Add((AttributeType)0x7777, 1u)).Code);
        var reply = client.Allocate((ref StunWriter w) => w.Add((AttributeType)0x7777, 1u));
        Assert.Equal(420, reply.Code);
        Assert.Equal([(AttributeType)0x7777], reply.Unknown);
        Assert.Equal(Integrity.Sha1, reply.Integrity);
    }

    [Fact]
    public void An_access_token_is_unknown_to_a_server_that_offered_no_third_party_authorization()
    {
        var reply = new TurnClient(new()).Allocate((ref StunWriter w) => w.Add(AttributeType.AccessToken, 1u));
        Assert.Equal((420, AttributeType.AccessToken), (reply.Code, reply.Unknown.Single()));
    }

    [Fact]
    public void A_fingerprint_is_answered_with_one_and_a_wrong_one_with_silence()
    {
        var stand = new TurnStand();
        var client = new TurnClient(stand) { Fingerprint = true };
        Assert.True(client.Allocate().HasFingerprint);
        var message = client.Proved(StunMethod.Refresh);
        message[^1] ^= 1;
        Assert.Equal(DropReason.Malformed, stand.Send(client.Path, message).Forward.Reason);
    }

    sealed class CountingVerifier(ICredentialVerifier inner) : ICredentialVerifier
    {
        public int Asked { get; private set; }

        public bool FindsByHash => inner.FindsByHash;

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) => inner.NameOf(userHash);

        public bool TryFind(
            Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found)
        {
            Asked++;
            return inner.TryFind(now, username, algorithm, attempt, out found);
        }
    }

    sealed class EndlessVerifier : ICredentialVerifier
    {
        public bool FindsByHash => false;

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) => null;

        public bool TryFind(
            Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found)
        {
            found = new(new([1, (byte)attempt]), default);
            return true;
        }
    }
}
