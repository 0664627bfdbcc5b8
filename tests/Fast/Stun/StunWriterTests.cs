using System.Text;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class StunWriterTests
{
    static readonly TransactionId Id = TransactionId.Read("0123456789ab"u8);
    static readonly IntegrityKey Key = new("0123456789abcdef"u8);

    internal static Gen<TransportAddress> Address { get; } = Gen.OneOf(
        Gen.Select(Gen.UInt, Gen.UShort).Select((address, port) => TransportAddress.IPv4(address, port)),
        Gen.Select(Gen.ULong, Gen.ULong, Gen.UShort).Select((high, low, port) => TransportAddress.IPv6(new(high, low), port)));

    [Fact]
    public void What_is_written_is_read_again() =>
        Gen.Select(Gen.Byte.Array[12], Gen.UInt, Address, Gen.Byte.Array[0, 40], Gen.Bool, Gen.ULong, Gen.UShort,
            Gen.Int[300, 699])
            .Sample((id, number, address, text, flag, token, small, code) =>
            {
                var writer = new StunWriter(new byte[1000], StunClass.Success, StunMethod.Allocate, TransactionId.Read(id));
                writer.AddXorAddress(AttributeType.XorRelayedAddress, address);
                writer.AddXorAddress(AttributeType.XorPeerAddress, address);
                writer.AddXorAddress(AttributeType.XorMappedAddress, address);
                writer.AddAddress(AttributeType.AlternateServer, address);
                writer.Add(AttributeType.Username, text);
                writer.AddLifetime(number);
                writer.AddChannelNumber(new(small));
                writer.AddRequestedTransport((byte)small);
                writer.AddRequestedAddressFamily((IPFamily)small);
                writer.AddAdditionalAddressFamily(IPFamily.IPv6);
                writer.AddEvenPort(flag);
                writer.AddDontFragment();
                writer.AddReservationToken(token);
                writer.AddErrorCode((ErrorCode)code, text);
                writer.AddAddressErrorCode(IPFamily.IPv4, ErrorCode.InsufficientCapacity);
                writer.AddIcmp(new((byte)(small & 0x7F), (ushort)(number & 0x1FF), number));
                writer.AddPasswordAlgorithms([2, 1]);
                writer.AddPasswordAlgorithm(small);
                writer.Add(AttributeType.AccessToken, text);
                writer.Add(AttributeType.ThirdPartyAuthorization, "turn1.example.net"u8);
                writer.AddUnknownAttributes([(AttributeType)small, AttributeType.ConnectionId, AttributeType.Padding]);
                writer.AddIntegrity(flag ? Integrity.Sha256 : Integrity.Sha1, Key);
                writer.AddFingerprint();

                Assert.False(writer.Full);
                Assert.True(StunMessage.TryParse(writer.Written, out var message, out var error), error.ToString());
                Assert.True(message.Verify(Key));
                Assert.True(message.HasFingerprint);
                Assert.Equal(TransactionId.Read(id), message.TransactionId);
                Assert.Equal((Reading.Present, address), (message.ReadXorRelayedAddress(out var relayed), relayed));
                Assert.Equal((Reading.Present, address), (message.ReadXorPeerAddress(out var peer), peer));
                Assert.Equal((Reading.Present, address), (message.ReadXorMappedAddress(out var mapped), mapped));
                Assert.Equal((Reading.Present, address), (message.ReadAlternateServer(out var other), other));
                Assert.Equal(Reading.Present, message.ReadUsername(out var username));
                Assert.Equal(text, username.ToArray());
                Assert.Equal(Reading.Present, message.ReadAccessToken(out var access));
                Assert.Equal(text, access.ToArray());
                Assert.Equal(Reading.Present, message.ReadThirdPartyAuthorization(out var server));
                Assert.Equal("turn1.example.net"u8, server);
                Assert.Equal((Reading.Present, number), (message.ReadLifetime(out var seconds), seconds));
                Assert.Equal((Reading.Present, small), (message.ReadChannelNumber(out var channel), channel.Value));
                Assert.Equal((Reading.Present, (byte)small), (message.ReadRequestedTransport(out var protocol), protocol));
                Assert.Equal((Reading.Present, (byte)small), (message.ReadRequestedAddressFamily(out var family), (byte)family));
                Assert.Equal((Reading.Present, IPFamily.IPv6), (message.ReadAdditionalAddressFamily(out var second), second));
                Assert.Equal((Reading.Present, flag), (message.ReadEvenPort(out var next), next));
                Assert.Equal(Reading.Present, message.ReadDontFragment());
                Assert.Equal((Reading.Present, token), (message.ReadReservationToken(out var reservation), reservation));
                Assert.Equal((Reading.Present, (ErrorCode)code), (message.ReadErrorCode(out var error2, out var reason), error2));
                Assert.Equal(text, reason.ToArray());
                Assert.Equal((Reading.Present, IPFamily.IPv4, ErrorCode.InsufficientCapacity),
                    (message.ReadAddressErrorCode(out var refused, out var why), refused, why));
                Assert.Equal((Reading.Present, new IcmpError((byte)(small & 0x7F), (ushort)(number & 0x1FF), number)),
                    (message.ReadIcmp(out var icmp), icmp));
                Assert.Equal((Reading.Present, small), (message.ReadPasswordAlgorithm(out var algorithm), algorithm));
                Assert.Equal(Reading.Present, message.ReadPasswordAlgorithms(out var algorithms));
                Assert.Equal("0002000000010000", Convert.ToHexString(algorithms.Value));
                Assert.Equal(Reading.Present, message.ReadUnknownAttributes(out var unknown));
                Assert.Equal((3, (AttributeType)small, AttributeType.ConnectionId), (unknown.Count, unknown[0], unknown[1]));
            });

    [Fact]
    public void A_writer_never_exceeds_its_span_and_a_full_one_gives_nothing()
    {
        var whole = WriteAll(new byte[500]);
        for (var room = 0; room < whole.Length; room++)
        {
            var guarded = new byte[600];
            guarded.AsSpan(room).Fill(0xEE);
            Assert.Empty(WriteAll(guarded.AsSpan(0, room)));
            Assert.Equal(-1, guarded.AsSpan(room).IndexOfAnyExcept((byte)0xEE));
        }

        Assert.Equal(whole, WriteAll(new byte[whole.Length]));

        static byte[] WriteAll(Span<byte> destination)
        {
            var writer = new StunWriter(destination, StunClass.Error, StunMethod.Allocate, Id);
            writer.AddErrorCode(ErrorCode.UnknownAttribute);
            writer.AddUnknownAttributes([AttributeType.ConnectionId]);
            writer.AddXorAddress(AttributeType.XorMappedAddress, TransportAddress.IPv6(1, 2));
            writer.AddAddress(AttributeType.MappedAddress, TransportAddress.IPv4(1, 2));
            writer.AddReservationToken(1);
            writer.AddAddressErrorCode(IPFamily.IPv6, ErrorCode.AddressFamilyNotSupported);
            writer.AddIcmp(new(3, 4, 1500));
            writer.AddPasswordAlgorithms([2, 1]);
            writer.AddEvenPort(true);
            writer.Add(AttributeType.Software, "Portunus"u8);
            writer.AddIntegrity(Integrity.Sha1, Key);
            writer.AddIntegrity(Integrity.Sha256, Key);
            writer.AddFingerprint();
            Assert.Equal(writer.Length == 0, writer.Full);
            return writer.Written.ToArray();
        }
    }

    [Fact]
    public void Padding_is_zero_whatever_the_span_held_before()
    {
        var bytes = new byte[60];
        bytes.AsSpan().Fill(0xEE);
        var writer = new StunWriter(bytes, StunClass.Request, StunMethod.Allocate, Id);
        writer.AddEvenPort(true);
        writer.Add(AttributeType.Software, "ab"u8);
        Assert.Equal("00180001" + "80000000" + "80220002" + "61620000", Convert.ToHexString(writer.Written[20..]));
    }

    [Fact]
    public void A_value_longer_than_its_length_field_fills_the_writer()
    {
        var writer = new StunWriter(new byte[140_000], StunClass.Request, StunMethod.Send, Id);
        writer.Add(AttributeType.Data, new byte[65_536]);
        Assert.True(writer.Full);

        writer = new StunWriter(new byte[140_000], StunClass.Request, StunMethod.Send, Id);
        writer.Add(AttributeType.Data, new byte[40_000]);
        Assert.False(writer.Full);
        writer.Add(AttributeType.Data, new byte[40_000]);
        Assert.True(writer.Full);
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void A_full_writer_stays_full()
    {
        var writer = new StunWriter(new byte[24], StunClass.Request, StunMethod.Refresh, Id);
        writer.AddLifetime(1);
        writer.AddDontFragment();
        Assert.True(writer.Full);
        Assert.Equal(0, writer.EndWithData(4));
        Assert.Equal(0, writer.Length);
    }

    [Fact]
    public void Head_payload_and_padding_are_a_Data_indication() =>
        Gen.Select(Address, Gen.Byte.Array[0, 50]).Sample((peer, payload) =>
        {
            var writer = new StunWriter(new byte[100], StunClass.Indication, StunMethod.Data, Id);
            writer.AddXorAddress(AttributeType.XorPeerAddress, peer);
            var padding = writer.EndWithData(payload.Length);

            byte[] datagram = [.. writer.Written, .. payload, .. new byte[padding]];
            Assert.True(StunMessage.TryParse(datagram, out var message, out var error), error.ToString());
            Assert.Equal((Reading.Present, peer), (message.ReadXorPeerAddress(out var read), read));
            Assert.Equal(Reading.Present, message.ReadData(out var data));
            Assert.Equal(payload, datagram[data]);
        });

    [Fact]
    public void A_payload_beyond_the_length_field_fills_the_writer()
    {
        var writer = new StunWriter(new byte[100], StunClass.Indication, StunMethod.Data, Id);
        Assert.Equal(0, writer.EndWithData(65_533));
        Assert.True(writer.Full);
        writer = new StunWriter(new byte[100], StunClass.Indication, StunMethod.Data, Id);
        Assert.Equal(0, writer.EndWithData(-1));
        Assert.True(writer.Full);
    }

    [Fact]
    public void An_error_response_repeats_method_and_transaction_and_carries_the_recommended_phrase()
    {
        var request = new StunWriter(new byte[20], StunClass.Request, StunMethod.CreatePermission, Id);
        Assert.True(StunMessage.TryParse(request.Written, out var message, out _));
        var writer = StunWriter.Error(new byte[100], message, ErrorCode.StaleNonce);
        Assert.True(StunMessage.TryParse(writer.Written, out var response, out _));
        Assert.Equal((StunClass.Error, StunMethod.CreatePermission), (response.Class, response.Method));
        Assert.Equal(Id, response.TransactionId);
        Assert.Equal(Reading.Present, response.ReadErrorCode(out var code, out var reason));
        Assert.Equal((ErrorCode.StaleNonce, "Stale Nonce"), (code, Encoding.UTF8.GetString(reason)));
    }

    [Fact]
    public void Every_error_code_has_a_phrase() =>
        Assert.All(Enum.GetValues<ErrorCode>(), code => Assert.False(code.ReasonPhrase().IsEmpty));
}
