using System.Buffers.Binary;
using Portunus.Bedrock;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Fuzz.Engine;

/// <summary>Changes a STUN message by its attributes, so that most of what comes out is a message again.</summary>
sealed class AttributeMutator(IRandom random)
{
    const int HeaderLength = 20;

    static readonly ushort[] Types =
    [
        Attr.MappedAddress, Attr.Username, Attr.Integrity, Attr.ErrorCode, Attr.UnknownAttributes, Attr.ChannelNumber, Attr.Lifetime,
        Attr.XorPeerAddress, Attr.Data, Attr.Realm, Attr.Nonce, Attr.XorRelayedAddress, Attr.RequestedAddressFamily, Attr.EvenPort,
        Attr.RequestedTransport, Attr.DontFragment, Attr.AccessToken, Attr.IntegritySha256, Attr.PasswordAlgorithm, Attr.Userhash,
        Attr.XorMappedAddress, Attr.ReservationToken, Attr.ConnectionId, Attr.AdditionalAddressFamily, Attr.AddressErrorCode,
        Attr.PasswordAlgorithms, Attr.AlternateDomain, Attr.Icmp, Attr.Software, Attr.AlternateServer, Attr.Fingerprint,
        Attr.MobilityTicket, Attr.ThirdPartyAuthorization, Attr.UnknownRequired, Attr.UnknownOptional,
        // CHANGE-REQUEST, RESPONSE-ADDRESS, PADDING and RESPONSE-PORT (RFC 3489, RFC 5780).
        0x0003, 0x0002, 0x0026, 0x0027,
    ];

    static readonly byte[] Methods = [1, 3, 4, 6, 7, 8, 9, 10, 11, 12];

    public byte[] Mutate(byte[] message, byte[] donor)
    {
        if (message.Length < HeaderLength) return message;
        var header = message[..HeaderLength];
        var attributes = Split(message);
        var at = attributes.Count == 0 ? 0 : random.Next(attributes.Count);
        switch (random.Next(9))
        {
            case 0 when attributes.Count > 0:
                attributes.RemoveAt(at);
                break;
            case 1 when attributes.Count > 0:
                attributes.Insert(random.Next(attributes.Count + 1), attributes[at]);
                break;
            case 2 when attributes.Count > 1:
                var other = random.Next(attributes.Count);
                (attributes[at], attributes[other]) = (attributes[other], attributes[at]);
                break;
            case 3 when attributes.Count > 0:
                attributes[at] = attributes[at] with { Type = Types[random.Next(Types.Length)] };
                break;
            case 4 when Split(donor) is { Count: > 0 } others:
                attributes.Insert(at, others[random.Next(others.Count)]);
                break;
            case 5:
                attributes.Insert(at, new(Types[random.Next(Types.Length)], new byte[random.Next(random.Next(8) == 0 ? 800 : 21)], -1));
                break;
            case 6 when attributes.Count > 0 && attributes[at].Value.Length > 0:
                var value = attributes[at].Value.ToArray();
                value[random.Next(value.Length)] = (byte)(random.Next(2) == 0 ? random.Next(4) : random.Next(256));
                attributes[at] = attributes[at] with { Value = value };
                break;
            case 7 when attributes.Count > 0:
                attributes[at] = attributes[at] with { Claims = random.Next(3) == 0 ? random.Next(65536) : random.Next(40) };
                break;
            default:
                header[1] = (byte)((random.Next(8) == 0 ? random.Next(2) << 4 : header[1] & 0x10) | Methods[random.Next(Methods.Length)]);
                break;
        }

        return Join(header, attributes, random.Next(12) == 0);
    }

    /// <param name="Claims">What the length field says; the length of the value where it is below zero.</param>
    sealed record Piece(int Type, byte[] Value, int Claims);

    static List<Piece> Split(byte[] message)
    {
        List<Piece> pieces = [];
        for (var at = HeaderLength; at + 4 <= message.Length;)
        {
            var length = Math.Min(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2)), message.Length - at - 4);
            pieces.Add(new(BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at)), message[(at + 4)..(at + 4 + length)], -1));
            at += 4 + ((length + 3) & ~3);
        }

        return pieces;
    }

    static byte[] Join(byte[] header, List<Piece> pieces, bool keepsLength)
    {
        List<byte> bytes = [.. header];
        Span<byte> head = stackalloc byte[4];
        foreach (var (type, value, claims) in pieces)
        {
            BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)type);
            BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)(claims < 0 ? value.Length : claims));
            bytes.AddRange(head);
            bytes.AddRange(value);
            while (bytes.Count % 4 != 0) bytes.Add(0);
        }

        byte[] message = [.. bytes];
        if (!keepsLength) BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length - HeaderLength));
        return message;
    }
}
