using System.Buffers.Binary;
using CsCheck;
using Portunus.Bedrock;
using Portunus.Stun;

namespace Portunus.Tests.Fast.Stun;

public class StunMessageTests
{
    static readonly TransactionId Id = TransactionId.Read("0123456789ab"u8);
    static readonly IntegrityKey Key = new("a key of 20 bytes  ."u8);

    [Theory]
    [InlineData(StunClass.Request, StunMethod.Binding, 0x0001)]
    [InlineData(StunClass.Success, StunMethod.Binding, 0x0101)]
    [InlineData(StunClass.Error, StunMethod.Allocate, 0x0113)]
    [InlineData(StunClass.Indication, StunMethod.Send, 0x0016)]
    [InlineData(StunClass.Indication, StunMethod.Data, 0x0017)]
    [InlineData(StunClass.Error, (StunMethod)0xFFF, 0x3FFF)]
    [InlineData(StunClass.Request, (StunMethod)0xFFF, 0x3EEF)]
    public void Class_and_method_share_the_type_as_figure_3_draws_it(StunClass stunClass, StunMethod method, ushort type)
    {
        var bytes = new byte[20];
        _ = new StunWriter(bytes, stunClass, method, Id);
        Assert.Equal(type, BinaryPrimitives.ReadUInt16BigEndian(bytes));
        var message = Parse(bytes);
        Assert.Equal((stunClass, method, Id), (message.Class, message.Method, message.TransactionId));
    }

    [Theory]
    [InlineData("", StunError.TooShort)]
    [InlineData("000100002112a442000000000000000000000000", StunError.None)]
    [InlineData("000100002112a4420000000000000000000000", StunError.TooShort)]
    [InlineData("400100002112a442000000000000000000000000", StunError.NotStun)]
    [InlineData("800100002112a442000000000000000000000000", StunError.NotStun)]
    [InlineData("000100002112a443000000000000000000000000", StunError.BadCookie)]
    [InlineData("000100012112a442000000000000000000000000ff", StunError.BadLength)]
    [InlineData("000100042112a442000000000000000000000000", StunError.BadLength)]
    [InlineData("000100002112a44200000000000000000000000000000000", StunError.BadLength)]
    [InlineData("000100042112a44200000000000000000000000080220001", StunError.AttributeOverrun)]
    [InlineData("000100042112a4420000000000000000000000008022ffff", StunError.AttributeOverrun)]
    [InlineData("000100042112a44200000000000000000000000080280000", StunError.MisplacedFingerprint)]
    [InlineData("000100082112a4420000000000000000000000008028000400000000", StunError.BadFingerprint)]
    [InlineData("0001000c2112a442000000000000000000000000802800040000000080220000", StunError.MisplacedFingerprint)]
    public void What_is_no_message_is_told_apart(string hex, StunError expected)
    {
        StunMessage.TryParse(Convert.FromHexString(hex), out _, out var error);
        Assert.Equal(expected, error);
    }

    [Fact]
    public void More_attributes_than_anyone_sends_are_refused()
    {
        foreach (var (count, expected) in new[] { (256, StunError.None), (257, StunError.TooManyAttributes) })
        {
            var writer = new StunWriter(new byte[2000], StunClass.Request, StunMethod.Binding, Id);
            for (var i = 0; i < count; i++) writer.AddDontFragment();
            StunMessage.TryParse(writer.Written, out _, out var error);
            Assert.Equal(expected, error);
        }
    }

    [Fact]
    public void Of_duplicates_the_first_counts()
    {
        var writer = new StunWriter(new byte[100], StunClass.Request, StunMethod.Refresh, Id);
        writer.AddLifetime(1);
        writer.AddLifetime(2);
        Assert.Equal(Reading.Present, Parse(writer.Written).ReadLifetime(out var seconds));
        Assert.Equal(1u, seconds);
    }

    [Theory]
    [InlineData(Integrity.Sha1)]
    [InlineData(Integrity.Sha256)]
    public void What_follows_integrity_does_not_count(Integrity kind)
    {
        var writer = new StunWriter(new byte[200], StunClass.Request, StunMethod.Refresh, Id);
        writer.AddIntegrity(kind, Key);
        writer.AddLifetime(0);
        writer.Add((AttributeType)0x7FFF, "unknown"u8);
        writer.AddFingerprint();

        var message = Parse(writer.Written);
        Assert.True(message.Verify(Key));
        Assert.True(message.HasFingerprint);
        Assert.False(message.Has(AttributeType.Lifetime));
        Assert.Equal(Reading.Absent, message.ReadLifetime(out _));
        Assert.Equal(0, message.FindUnknown([], new AttributeType[4]));
    }

    [Fact]
    public void Both_integrity_attributes_may_stand_together_and_the_stronger_is_judged()
    {
        var bytes = new byte[200];
        var writer = new StunWriter(bytes, StunClass.Request, StunMethod.Refresh, Id);
        writer.AddIntegrity(Integrity.Sha1, Key);
        var weaker = writer.Length - 1;
        writer.AddIntegrity(Integrity.Sha256, Key);
        var message = Parse(writer.Written);
        Assert.Equal(Integrity.Sha256, message.Integrity);
        Assert.True(message.HasSha1Integrity);
        Assert.True(message.Verify(Key));

        // The stronger one covers the weaker.
        bytes[weaker] ^= 1;
        Assert.False(Parse(writer.Written).Verify(Key));
    }

    [Fact]
    public void MESSAGE_INTEGRITY_after_the_stronger_one_does_not_count()
    {
        var writer = new StunWriter(new byte[200], StunClass.Request, StunMethod.Refresh, Id);
        writer.AddIntegrity(Integrity.Sha256, Key);
        writer.AddIntegrity(Integrity.Sha1, new IntegrityKey("another"u8));
        var message = Parse(writer.Written);
        Assert.False(message.HasSha1Integrity);
        Assert.True(message.Verify(Key));
    }

    [Theory]
    [InlineData(32, true, true)]
    [InlineData(28, false, true)]
    [InlineData(16, false, true)]
    [InlineData(12, false, false)]
    [InlineData(18, false, false)]
    [InlineData(0, false, false)]
    [InlineData(36, false, false)]
    public void A_truncated_SHA_256_integrity_counts_only_where_the_usage_allows_it(int length, bool byDefault, bool whenAllowed)
    {
        var key = "a key"u8.ToArray();
        var head = new StunWriter(new byte[100], StunClass.Request, StunMethod.Refresh, Id);
        head.AddLifetime(7);
        var preceding = head.Written.ToArray();
        BinaryPrimitives.WriteUInt16BigEndian(preceding.AsSpan(2), (ushort)(preceding.Length - 20 + 4 + length));
        var mac = System.Security.Cryptography.HMACSHA256.HashData(key, preceding);
        head.Add(AttributeType.MessageIntegritySha256, [.. mac[..Math.Min(32, length)], .. new byte[Math.Max(0, length - 32)]]);

        var message = Parse(head.Written);
        Assert.Equal(byDefault, message.Verify(new IntegrityKey(key)));
        Assert.Equal(whenAllowed, message.Verify(new IntegrityKey(key), shortestSha256: 0));
    }

    [Fact]
    public void A_message_without_integrity_is_never_authentic()
    {
        var message = Parse(new StunWriter(new byte[20], StunClass.Request, StunMethod.Binding, Id).Written);
        Assert.Equal(Integrity.None, message.Integrity);
        Assert.False(message.Verify(Key));
    }

    [Fact]
    public void Unknown_types_are_found_once_each_and_only_where_comprehension_is_required()
    {
        var writer = new StunWriter(new byte[200], StunClass.Request, StunMethod.Allocate, Id);
        foreach (var type in new[] { 0x7F01, 0x000D, 0x7F02, 0xC001, 0x7F01, 0x002A, 0x7F03 }) writer.Add((AttributeType)type, 0u);
        var message = Parse(writer.Written);
        var unknown = new AttributeType[8];
        Assert.Equal(4, message.FindUnknown([AttributeType.Lifetime], unknown));
        Assert.Equal([0x7F01, 0x7F02, 0x002A, 0x7F03], unknown[..4].Select(type => (int)type));
        Assert.Equal(2, message.FindUnknown([AttributeType.Lifetime], new AttributeType[2]));
        Assert.Equal(0, message.FindUnknown([AttributeType.Lifetime], []));
    }

    [Theory]
    [InlineData(AttributeType.Lifetime, "000000")]
    [InlineData(AttributeType.Lifetime, "0000000000")]
    [InlineData(AttributeType.ChannelNumber, "4000")]
    [InlineData(AttributeType.RequestedTransport, "11")]
    [InlineData(AttributeType.EvenPort, "")]
    [InlineData(AttributeType.EvenPort, "8000")]
    [InlineData(AttributeType.DontFragment, "00")]
    [InlineData(AttributeType.ReservationToken, "00000000000000")]
    [InlineData(AttributeType.RequestedAddressFamily, "01")]
    [InlineData(AttributeType.UserHash, "00")]
    [InlineData(AttributeType.XorPeerAddress, "0001")]
    [InlineData(AttributeType.XorPeerAddress, "0002000001020304")]
    [InlineData(AttributeType.XorPeerAddress, "0003000001020304")]
    [InlineData(AttributeType.XorPeerAddress, "0001000000000000000000000000000000000000")]
    [InlineData(AttributeType.ErrorCode, "000004")]
    [InlineData(AttributeType.ErrorCode, "00000200")]
    [InlineData(AttributeType.ErrorCode, "00000700")]
    [InlineData(AttributeType.ErrorCode, "00000464")]
    [InlineData(AttributeType.UnknownAttributes, "000000")]
    [InlineData(AttributeType.PasswordAlgorithm, "")]
    [InlineData(AttributeType.PasswordAlgorithm, "0001")]
    [InlineData(AttributeType.PasswordAlgorithm, "00010004")]
    [InlineData(AttributeType.PasswordAlgorithm, "0001000000020000")]
    [InlineData(AttributeType.PasswordAlgorithms, "")]
    [InlineData(AttributeType.PasswordAlgorithms, "000100000002")]
    [InlineData(AttributeType.PasswordAlgorithms, "0001ffff00")]
    public void A_value_of_another_form_is_malformed_and_not_absent(AttributeType type, string hex)
    {
        var writer = new StunWriter(new byte[100], StunClass.Request, StunMethod.Allocate, Id);
        writer.Add(type, Convert.FromHexString(hex));
        Assert.Equal(Reading.Malformed, Read(Parse(writer.Written), type));
    }

    [Fact]
    public void Texts_are_read_up_to_763_bytes()
    {
        foreach (var (length, expected) in new[] { (763, Reading.Present), (764, Reading.Malformed) })
        {
            var writer = new StunWriter(new byte[1000], StunClass.Request, StunMethod.Allocate, Id);
            writer.Add(AttributeType.Username, new byte[length]);
            Assert.Equal(expected, Parse(writer.Written).ReadUsername(out _));
        }
    }

    [Theory]
    [InlineData(0, Reading.Malformed)]
    [InlineData(1, Reading.Present)]
    [InlineData(255, Reading.Present)]
    [InlineData(256, Reading.Malformed)]
    public void The_name_of_a_server_has_1_to_255_bytes(int length, Reading expected)
    {
        var writer = new StunWriter(new byte[1000], StunClass.Error, StunMethod.Allocate, Id);
        writer.Add(AttributeType.ThirdPartyAuthorization, new byte[length]);
        Assert.Equal(expected, Parse(writer.Written).ReadThirdPartyAuthorization(out var name));
        Assert.Equal(expected == Reading.Present ? length : 0, name.Length);
    }

    [Fact]
    public void Password_algorithms_are_read_past_their_parameters()
    {
        var writer = new StunWriter(new byte[100], StunClass.Error, StunMethod.Allocate, Id);
        writer.Add(AttributeType.PasswordAlgorithms, Convert.FromHexString("0009000301020300" + "00020000" + "00010001ff"));
        Assert.Equal(Reading.Present, Parse(writer.Written).ReadPasswordAlgorithms(out var algorithms));
        var rest = algorithms.Value;
        var read = new List<int>();
        while (PasswordAlgorithms.TryTake(ref rest, out var algorithm)) read.Add(algorithm);
        Assert.Equal([9, 2, 1], read);
        Assert.True(algorithms.Contains(2));
        Assert.False(algorithms.Contains(3));
    }

    [Fact]
    public void Any_bytes_give_a_value_and_every_reader_of_what_passes_does_too() =>
        Hostile.Sample(bytes =>
        {
            if (!StunMessage.TryParse(bytes, out var message, out var error))
            {
                Assert.NotEqual(StunError.None, error);
                return;
            }

            foreach (var type in Enum.GetValues<AttributeType>()) Read(message, type);
            foreach (var attribute in message)
                Assert.True(bytes.AsSpan(attribute.ValueAt, attribute.Value.Length).SequenceEqual(attribute.Value));
            message.FindUnknown([AttributeType.Username], new AttributeType[8]);
            _ = (message.Verify(Key), message.Class, message.Method, message.TransactionId.ToString());
        });

    /// <summary>Noise, noise behind an honest header, and honest messages with some bytes changed or cut off.</summary>
    internal static Gen<byte[]> Hostile { get; } = Gen.OneOf(
        Gen.Byte.Array[0, 100],
        Gen.Byte.Array[0, 60].Select(body =>
        {
            var bytes = new byte[20 + (body.Length & ~3)];
            _ = new StunWriter(bytes, StunClass.Request, StunMethod.Allocate, Id);
            BinaryPrimitives.WriteUInt16BigEndian(bytes.AsSpan(2), (ushort)(bytes.Length - 20));
            body.AsSpan(0, bytes.Length - 20).CopyTo(bytes.AsSpan(20));
            return bytes;
        }),
        Gen.Select(Gen.Int[0, 5], Gen.Int[0, 200], Gen.Byte, Gen.Int[0, 40]).Select((sample, at, value, cut) =>
        {
            byte[][] samples =
            [
                Samples.ShortTermRequest, Samples.IPv4Response, Samples.IPv6Response, Samples.LongTermRequest,
                Samples.Sha256Request, Samples.TokenRequest,
            ];
            var bytes = samples[sample];
            bytes[at % bytes.Length] = value;
            return bytes[..^(cut > 20 ? 0 : cut)];
        }));

    static Reading Read(StunMessage message, AttributeType type) => type switch
    {
        AttributeType.MappedAddress => message.ReadMappedAddress(out _),
        AttributeType.Username => message.ReadUsername(out _),
        AttributeType.ErrorCode => message.ReadErrorCode(out _, out _),
        AttributeType.UnknownAttributes => message.ReadUnknownAttributes(out _),
        AttributeType.ChannelNumber => message.ReadChannelNumber(out _),
        AttributeType.Lifetime => message.ReadLifetime(out _),
        AttributeType.XorPeerAddress => message.ReadXorPeerAddress(out _),
        AttributeType.Data => message.ReadData(out _),
        AttributeType.Realm => message.ReadRealm(out _),
        AttributeType.Nonce => message.ReadNonce(out _),
        AttributeType.XorRelayedAddress => message.ReadXorRelayedAddress(out _),
        AttributeType.RequestedAddressFamily => message.ReadRequestedAddressFamily(out _),
        AttributeType.EvenPort => message.ReadEvenPort(out _),
        AttributeType.RequestedTransport => message.ReadRequestedTransport(out _),
        AttributeType.DontFragment => message.ReadDontFragment(),
        AttributeType.PasswordAlgorithm => message.ReadPasswordAlgorithm(out _),
        AttributeType.AccessToken => message.ReadAccessToken(out _),
        AttributeType.ThirdPartyAuthorization => message.ReadThirdPartyAuthorization(out _),
        AttributeType.UserHash => message.ReadUserHash(out _),
        AttributeType.XorMappedAddress => message.ReadXorMappedAddress(out _),
        AttributeType.ReservationToken => message.ReadReservationToken(out _),
        AttributeType.AdditionalAddressFamily => message.ReadAdditionalAddressFamily(out _),
        AttributeType.AddressErrorCode => message.ReadAddressErrorCode(out _, out _),
        AttributeType.PasswordAlgorithms => message.ReadPasswordAlgorithms(out _),
        AttributeType.AlternateDomain => message.ReadAlternateDomain(out _),
        AttributeType.Icmp => message.ReadIcmp(out _),
        AttributeType.Software => message.ReadSoftware(out _),
        AttributeType.AlternateServer => message.ReadAlternateServer(out _),
        _ => Reading.Absent,
    };

    static StunMessage Parse(ReadOnlySpan<byte> bytes)
    {
        Assert.True(StunMessage.TryParse(bytes, out var message, out var error), error.ToString());
        return message;
    }
}
