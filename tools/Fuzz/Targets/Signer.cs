using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portunus.Tests.Conformance.Wire;

namespace Portunus.Fuzz.Targets;

/// <summary>Proves whatever attributes a message has with the right key, so that inputs get behind the check of integrity.</summary>
/// <param name="Username">As it goes into USERNAME.</param>
/// <param name="Key">Of the HMAC.</param>
/// <param name="Algorithm">PASSWORD-ALGORITHM, with the server's list; 0 sends neither.</param>
/// <param name="IsSha256">Which integrity attribute.</param>
sealed record Signer(string Username, byte[] Key, ushort Algorithm, bool IsSha256)
{
    public static Signer Md5(string username, string password, bool isSha256 = false) =>
        new(username, MD5.HashData(Encoding.UTF8.GetBytes($"{username}:{TurnWorld.Realm}:{password}")), (ushort)(isSha256 ? 1 : 0),
            isSha256);

    public static Signer Sha256(string username, string password) =>
        new(username, SHA256.HashData(Encoding.UTF8.GetBytes($"{username}:{TurnWorld.Realm}:{password}")), 2, true);

    /// <param name="template">A request without credentials; what follows its header is taken as it is.</param>
    /// <param name="nonce">The server's.</param>
    /// <param name="token">ACCESS-TOKEN, if any.</param>
    /// <param name="hasFingerprint">Whether FINGERPRINT ends it.</param>
    public byte[] Sign(byte[] template, byte[] nonce, byte[]? token = null, bool hasFingerprint = false)
    {
        List<byte> bytes = [.. template];
        while (bytes.Count < 20 || bytes.Count % 4 != 0) bytes.Add(0);
        Add(bytes, Attr.Username, Encoding.UTF8.GetBytes(Username));
        Add(bytes, Attr.Realm, Encoding.UTF8.GetBytes(TurnWorld.Realm));
        Add(bytes, Attr.Nonce, nonce);
        if (token is not null) Add(bytes, Attr.AccessToken, token);
        if (Algorithm != 0)
        {
            Add(bytes, Attr.PasswordAlgorithms, [0, 2, 0, 0, 0, 1, 0, 0]);
            Add(bytes, Attr.PasswordAlgorithm, [0, (byte)Algorithm, 0, 0]);
        }

        if (IsSha256) Add(bytes, Attr.IntegritySha256, HMACSHA256.HashData(Key, Measured(bytes, 36)));
        else Add(bytes, Attr.Integrity, HMACSHA1.HashData(Key, Measured(bytes, 24)));
        if (hasFingerprint)
        {
            var crc = new byte[4];
            BinaryPrimitives.WriteUInt32BigEndian(crc, Crc32.Of(Measured(bytes, 8)) ^ 0x5354554E);
            Add(bytes, Attr.Fingerprint, crc);
        }

        return Measured(bytes, 0);
    }

    /// <summary>Whether what a server answered is proved by this key.</summary>
    public bool Proved(Incoming answer) => IsSha256 ? answer.IntegritySha256Holds(Key) : answer.IntegrityHolds(Key);

    static byte[] Measured(List<byte> bytes, int more)
    {
        byte[] message = [.. bytes];
        BinaryPrimitives.WriteUInt16BigEndian(message.AsSpan(2), (ushort)(message.Length + more - 20));
        return message;
    }

    static void Add(List<byte> bytes, int type, ReadOnlySpan<byte> value)
    {
        Span<byte> head = stackalloc byte[4];
        BinaryPrimitives.WriteUInt16BigEndian(head, (ushort)type);
        BinaryPrimitives.WriteUInt16BigEndian(head[2..], (ushort)value.Length);
        bytes.AddRange(head);
        bytes.AddRange(value);
        while (bytes.Count % 4 != 0) bytes.Add(0);
    }
}
