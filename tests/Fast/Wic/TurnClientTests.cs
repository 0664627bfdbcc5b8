using CsCheck;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Simulation;
using Portunus.Stun;
using Portunus.Wic;
using TransactionId = Portunus.Stun.TransactionId;

namespace Portunus.Tests.Fast.Wic;

public sealed partial class TurnClientTests
{
    static readonly TransportAddress Peer = TransportAddress.IPv4(0xC0000201, 5000);

    [Fact]
    public void The_first_request_carries_no_credentials_and_the_answer_to_a_challenge_does()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        var first = server.Take();
        Assert.False(first.Has(AttributeType.Username));
        Assert.Equal(Integrity.None, first.Integrity);
        server.Challenge(first.TransactionId);
        var second = server.Take();
        Assert.NotEqual(first.TransactionId, second.TransactionId);
        Assert.True(second.Has(AttributeType.Username));
        Assert.Equal(Integrity.Sha256, second.Integrity);
        Assert.True(second.Verify(server.Key));
        Assert.Equal(Reading.Present, second.ReadPasswordAlgorithm(out var algorithm));
        Assert.Equal((ushort)PasswordAlgorithm.Sha256, algorithm);
        server.Grant(second.TransactionId);
        var allocated = Assert.IsType<TurnClientEffect.Allocated>(server.Effect());
        Assert.Equal((Script.Relayed, TimeSpan.FromSeconds(600)), (allocated.Relayed, allocated.Lifetime));
    }

    [Fact]
    public void Of_the_servers_algorithms_the_first_known_one_is_taken()
    {
        var server = new Script { Algorithms = [7, 1, 2], Algorithm = PasswordAlgorithm.Md5 };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take();
        request.ReadPasswordAlgorithm(out var algorithm);
        request.ReadPasswordAlgorithms(out var list);
        Assert.Equal((ushort)PasswordAlgorithm.Md5, algorithm);
        Assert.Equal(12, list.Value.Length);
        Assert.True(request.Verify(server.Key));
    }

    [Fact]
    public void No_known_algorithm_is_the_end()
    {
        var server = new Script { Algorithms = [7, 8] };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        Assert.Equal(TurnClientFailure.Challenge, Assert.IsType<TurnClientEffect.Failed>(server.Effect()).Cause);
        Assert.IsType<TurnClientEffect.Ended>(server.Effect());
    }

    [Fact]
    public void A_challenge_whose_algorithms_were_taken_out_on_the_way_is_not_answered()
    {
        var server = new Script { Algorithms = [] };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        Assert.Equal(TurnClientFailure.Challenge, Assert.IsType<TurnClientEffect.Failed>(server.Effect()).Cause);
    }

    [Fact]
    public void A_client_of_RFC_5389_answers_with_MD5_and_the_old_integrity()
    {
        var server = new Script(old: true) { Algorithm = PasswordAlgorithm.Md5 };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take();
        Assert.Equal(Integrity.Sha1, request.Integrity);
        Assert.False(request.Has(AttributeType.PasswordAlgorithms));
        Assert.False(request.Has(AttributeType.PasswordAlgorithm));
        Assert.True(request.Verify(server.Key));
    }

    [Fact]
    public void A_server_of_RFC_5389_is_answered_with_MD5_and_the_old_integrity()
    {
        var server = new Script { Algorithms = [], Nonce = "abc", Algorithm = PasswordAlgorithm.Md5 };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take();
        Assert.Equal(Integrity.Sha1, request.Integrity);
        Assert.True(request.Verify(server.Key));
    }

    [Fact]
    public void Where_the_cookie_says_so_the_name_goes_as_a_hash()
    {
        var server = new Script { Nonce = "obMatJos2wAAAnonce" };
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take();
        Assert.False(request.Has(AttributeType.Username));
        UserHash.TryCompute(Script.Username, Script.Realm, out var hash);
        Assert.Equal(Reading.Present, request.ReadUserHash(out var sent));
        Assert.Equal(hash!.Span, sent);
    }

    [Fact]
    public void Credentials_refused_in_their_own_realm_are_not_tried_again()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        server.Challenge(server.Take().TransactionId);
        var failed = Assert.IsType<TurnClientEffect.Failed>(server.Effect());
        Assert.Equal((TurnClientFailure.Refused, ErrorCode.Unauthenticated), (failed.Cause, failed.Code));
        Assert.Null(server.Client.NextDeadline);
    }

    [Fact]
    public void A_300_tells_where_to_go_and_is_believed_only_with_integrity()
    {
        var other = TransportAddress.IPv4(0xC6336407, 3478);
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take().TransactionId;
        server.Reply(request, StunClass.Error, ErrorCode.TryAlternate, alternate: other);
        Assert.Null(server.Effect());
        server.Reply(request, StunClass.Error, ErrorCode.TryAlternate, server.Key, alternate: other);
        var failed = Assert.IsType<TurnClientEffect.Failed>(server.Effect());
        Assert.Equal((ErrorCode.TryAlternate, other), (failed.Code, failed.Alternate));

        // Before a challenge nobody has proved anything: the wish ends, and nobody is named.
        var stranger = new Script();
        stranger.Client.Allocate(stranger.Now);
        stranger.Reply(stranger.Take().TransactionId, StunClass.Error, ErrorCode.TryAlternate, alternate: other);
        Assert.Null(Assert.IsType<TurnClientEffect.Failed>(stranger.Effect()).Alternate);
    }

    [Fact]
    public void A_stale_nonce_is_replaced_by_the_new_one_and_not_for_ever()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        for (var i = 0; i < 2; i++)
        {
            var request = server.Take();
            server.Nonce = $"obMatJos2gAAAnew{i}";
            server.Challenge(request.TransactionId, ErrorCode.StaleNonce);
        }

        var last = server.Take();
        last.ReadNonce(out var nonce);
        Assert.Equal("obMatJos2gAAAnew1"u8, nonce);
        server.Challenge(last.TransactionId, ErrorCode.StaleNonce);
        Assert.Equal(ErrorCode.StaleNonce, Assert.IsType<TurnClientEffect.Failed>(server.Effect()).Code);
    }

    [Fact]
    public void A_request_is_sent_seven_times_and_given_up_after_39_and_a_half_seconds()
    {
        var server = new Script();
        var start = server.Now;
        server.Client.Allocate(start);
        List<double> sent = [];
        while (true)
        {
            var effect = server.Effect();
            if (effect is not TurnClientEffect.ToServer)
            {
                Assert.Equal(TurnClientFailure.Timeout, Assert.IsType<TurnClientEffect.Failed>(effect).Cause);
                break;
            }

            sent.Add((server.Now - start).TotalMilliseconds);
            server.Wait();
        }

        Assert.Equal([0, 500, 1500, 3500, 7500, 15500, 31500], sent);
        Assert.Equal(39.5, (server.Now - start).TotalSeconds);
    }

    [Fact]
    public void An_answer_whose_integrity_fails_is_as_if_it_had_not_come_and_the_end_says_so()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Challenge(server.Take().TransactionId);
        var request = server.Take();
        server.Grant(request.TransactionId, new IntegrityKey("not the key"u8));
        server.Reply(request.TransactionId, StunClass.Success, sign: null);
        server.Reply(request.TransactionId, StunClass.Error, ErrorCode.BadRequest, sign: null);
        Assert.False(server.Client.TryTake(out _));
        for (var i = 0; i < 7; i++) server.Wait();
        while (server.Effect() is { } effect)
        {
            if (effect is TurnClientEffect.ToServer) continue;
            Assert.Equal(TurnClientFailure.Integrity, Assert.IsType<TurnClientEffect.Failed>(effect).Cause);
            return;
        }
    }

    [Fact]
    public void An_allocation_that_nobody_authenticated_is_not_believed()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Reply(server.Take().TransactionId, StunClass.Success, sign: null);
        Assert.False(server.Client.TryTake(out _));
        Assert.Null(server.Client.Relayed);
    }

    [Fact]
    public void An_allocation_is_refreshed_a_minute_before_its_end()
    {
        var server = Script.Allocated();
        Assert.Equal(TimeSpan.FromSeconds(540), server.Client.NextDeadline! - server.Now);
        server.Wait();
        var refresh = server.Take();
        Assert.Equal(StunMethod.Refresh, refresh.Method);
        server.Reply(refresh.TransactionId, StunClass.Success, sign: server.Key, lifetime: 80, method: StunMethod.Refresh);
        // Too short for a minute's margin: at half.
        Assert.Equal(TimeSpan.FromSeconds(40), server.Client.NextDeadline! - server.Now);
    }

    [Fact]
    public void A_refresh_that_meets_no_allocation_is_the_end()
    {
        var server = Script.Allocated();
        server.Wait();
        var refresh = server.Take().TransactionId;
        server.Reply(refresh, StunClass.Error, ErrorCode.AllocationMismatch, server.Key, method: StunMethod.Refresh);
        Assert.Equal(ErrorCode.AllocationMismatch, Assert.IsType<TurnClientEffect.Failed>(server.Effect()).Code);
        Assert.IsType<TurnClientEffect.Ended>(server.Effect());
        Assert.Null(server.Client.Relayed);
        Assert.Null(server.Client.NextDeadline);
    }

    [Theory]
    [InlineData(StunClass.Success, default(ErrorCode))]
    [InlineData(StunClass.Error, ErrorCode.AllocationMismatch)]
    public void Giving_back_is_a_refresh_to_zero_and_a_mismatch_does_as_well(StunClass answer, ErrorCode code)
    {
        var server = Script.Allocated();
        server.Client.Permit(server.Now, Peer);
        server.Take();
        server.Client.Release(server.Now);
        var refresh = server.Take();
        Assert.Equal(Reading.Present, refresh.ReadLifetime(out var seconds));
        Assert.Equal(0u, seconds);
        server.Reply(refresh.TransactionId, answer, code, server.Key, lifetime: 0, method: StunMethod.Refresh);
        Assert.IsType<TurnClientEffect.Ended>(server.Effect());
        Assert.Null(server.Client.NextDeadline);
        Assert.False(server.Client.TryTake(out _));
    }

    [Fact]
    public void A_relay_that_is_unwanted_before_it_is_there_is_given_back_at_once()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Client.Release(server.Now);
        server.Challenge(server.Take().TransactionId);
        server.Grant(server.Take().TransactionId);
        Assert.Equal(StunMethod.Refresh, server.Take().Method);
    }

    [Fact]
    public void What_is_sent_goes_as_an_indication_until_a_channel_is_bound()
    {
        var server = Script.Allocated();
        Assert.False(server.Client.TrySend(Peer, "x"u8));
        server.Client.Permit(server.Now, Peer);
        var permission = server.Take();
        Assert.Equal(StunMethod.CreatePermission, permission.Method);
        Assert.False(server.Client.TrySend(Peer, "x"u8));
        server.Reply(permission.TransactionId, StunClass.Success, sign: server.Key, method: StunMethod.CreatePermission);
        Assert.Null(Assert.IsType<TurnClientEffect.Admitted>(server.Effect()).Channel);
        Assert.True(server.Client.TrySend(Peer, "hello"u8));
        var indication = server.Take();
        Assert.Equal((StunClass.Indication, StunMethod.Send), (indication.Class, indication.Method));
        indication.ReadData(out var range);
        Assert.Equal("hello"u8, indication.Bytes[range]);

        Assert.True(server.Client.TrySend(Peer.WithPort(9), "another port"u8));
        Assert.Equal(StunMethod.Send, server.Take().Method);
        Assert.False(server.Client.TrySend(TransportAddress.IPv4(0xC0000202, 5000), "another address"u8));

        server.Client.Bind(server.Now, Peer);
        var bind = server.Take();
        Assert.Equal(StunMethod.ChannelBind, bind.Method);
        server.Reply(bind.TransactionId, StunClass.Success, sign: server.Key, method: StunMethod.ChannelBind);
        Assert.Equal(new ChannelNumber(0x4000), Assert.IsType<TurnClientEffect.Admitted>(server.Effect()).Channel);
        Assert.True(server.Client.TrySend(Peer, "hello"u8));
        Assert.True(ChannelData.TryParse(Assert.IsType<TurnClientEffect.ToServer>(server.Effect()).Datagram.Span, out var data));
        Assert.Equal("hello"u8, data.Payload);
        Assert.True(server.Client.TrySend(Peer.WithPort(9), "not by the channel of another port"u8));
        Assert.Equal(StunMethod.Send, server.Take().Method);
    }

    [Fact]
    public void Permissions_and_channels_are_asked_for_again_every_four_minutes()
    {
        var server = Script.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Reply(server.Take().TransactionId, StunClass.Success, sign: server.Key, method: StunMethod.ChannelBind);
        server.Effect();
        Assert.Equal(TimeSpan.FromSeconds(240), server.Client.NextDeadline! - server.Now);
        server.Wait();
        var again = server.Take();
        Assert.Equal(StunMethod.ChannelBind, again.Method);
        again.ReadChannelNumber(out var channel);
        Assert.Equal(new ChannelNumber(0x4000), channel);
        server.Reply(again.TransactionId, StunClass.Success, sign: server.Key, method: StunMethod.ChannelBind);
        Assert.False(server.Client.TryTake(out _));
    }

    [Fact]
    public void A_refused_peer_is_told_and_leaves_the_relay_as_it_is()
    {
        var server = Script.Allocated();
        server.Client.Permit(server.Now, Peer);
        var permission = server.Take().TransactionId;
        server.Reply(permission, StunClass.Error, ErrorCode.Forbidden, server.Key, method: StunMethod.CreatePermission);
        var failed = Assert.IsType<TurnClientEffect.Failed>(server.Effect());
        Assert.Equal((ErrorCode.Forbidden, Peer), (failed.Code, failed.Peer));
        Assert.NotNull(server.Client.Relayed);
        Assert.False(server.Client.TrySend(Peer, "x"u8));
    }

    [Fact]
    public void Data_of_a_peer_is_delivered_and_data_of_strangers_is_not()
    {
        var server = Script.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Reply(server.Take().TransactionId, StunClass.Success, sign: server.Key, method: StunMethod.ChannelBind);
        server.Effect();
        byte[] channelData = [0x40, 0x00, 0x00, 0x02, 1, 2];
        server.Client.OnServer(server.Now, channelData);
        var received = Assert.IsType<TurnClientEffect.Received>(server.Effect());
        Assert.Equal((Peer, 2), (received.Peer, received.Payload.Length));
        server.Client.OnServer(server.Now, [0x40, 0x01, 0x00, 0x02, 1, 2]);
        server.Data(TransportAddress.IPv4(0xC0000202, 5000), "stranger"u8);
        Assert.False(server.Client.TryTake(out _));
        server.Data(Peer.WithPort(9), "other port"u8);
        Assert.Equal(Peer.WithPort(9), Assert.IsType<TurnClientEffect.Received>(server.Effect()).Peer);
    }

    [Fact]
    public void A_closed_port_ends_the_wish_for_a_relay_at_once_and_is_not_believed_afterwards()
    {
        var server = new Script();
        server.Client.Allocate(server.Now);
        server.Take();
        server.Client.OnUnreachable(server.Now);
        Assert.Equal(TurnClientFailure.Unreachable, Assert.IsType<TurnClientEffect.Failed>(server.Effect()).Cause);
        Assert.IsType<TurnClientEffect.Ended>(server.Effect());
        Assert.Null(server.Client.NextDeadline);

        server = Script.Allocated();
        server.Client.Bind(server.Now, Peer);
        server.Take();
        server.Client.OnUnreachable(server.Now);
        Assert.Null(server.Effect());
        Assert.NotNull(server.Client.Relayed);
    }

    [Fact]
    public void A_relay_of_a_family_is_asked_for_where_one_is_named()
    {
        var settings = new TurnClientSettings { Username = "alice", Password = "wonderland" };
        foreach (var family in new[] { IPFamily.None, IPFamily.IPv4, IPFamily.IPv6 })
        {
            var client = new TurnClient(settings with { Family = family }, new SeededRandom(1));
            client.Allocate(Instant.FromUnixSeconds(0));
            Assert.True(client.TryTake(out var effect));
            Assert.True(StunMessage.TryParse(((TurnClientEffect.ToServer)effect).Datagram.Span, out var request, out _));
            var asked = request.ReadRequestedAddressFamily(out var named) == Reading.Present ? named : IPFamily.None;
            Assert.Equal(family, asked);
        }
    }

    [Fact]
    public void Any_datagram_of_a_server_leaves_the_client_well() =>
        Gen.Select(Gen.Byte.Array[0, 80], Gen.Int[0, 3]).Sample((bytes, kind) =>
        {
            var server = Script.Allocated();
            server.Client.Bind(server.Now, Peer);
            var request = server.Take().Bytes.ToArray();
            // Half of them begin like an answer to the request that is open.
            byte[] datagram = kind < 2 ? [.. (ReadOnlySpan<byte>)[1, (byte)(kind * 16 + 9)], .. request[2..20], .. bytes] : bytes;
            if (kind < 2) (datagram[2], datagram[3]) = ((byte)(bytes.Length >> 8), (byte)bytes.Length);
            server.Client.OnServer(server.Now, datagram);
            Assert.NotNull(server.Client.Relayed);
        }, seed: "0000KpJz7Vv1");
}
