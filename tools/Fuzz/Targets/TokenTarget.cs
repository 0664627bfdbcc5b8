using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Portunus.Credentials;
using Portunus.Fuzz.Engine;
using Portunus.Tests.Conformance.Wire;
using Portunus.Turn;

namespace Portunus.Fuzz.Targets;

/// <summary>
/// Tokens of RFC 7635 and time-limited names: opened by the seal and by a server, and by a second reader that is written after the RFC over
/// the runtime's cipher. What the one takes, the other takes, and it says the same.
/// </summary>
sealed partial class TokenTarget : Target
{
    enum Kind : byte
    {
        /// <summary>The bytes are a token, shown to the seal of the key of bit 0, and to the server.</summary>
        Token,

        /// <summary>The bytes are what is sealed under the key of bit 0, for another server if bit 1 is set.</summary>
        Plain,

        /// <summary>The bytes are a username, proved by its password under the shared secret.</summary>
        Name,
    }

    const string ServerName = "turn1.ims.example.net";
    const long Now = 1_800_000_000;
    const int NonceLength = 12, TagLength = 16;

    static readonly TokenKey[] Keys =
    [
        new("waf1-turn1-1", TokenAlgorithm.A256Gcm, "0123456789abcdef0123456789abcdef"u8),
        new("waf1-turn1-2", TokenAlgorithm.A128Gcm, "fedcba9876543210"u8),
    ];

    static readonly CredentialVerifier Verifier = new(new()
    {
        Realm = TurnWorld.Realm, Secrets = [TurnWorld.Secret], TokenKeys = [.. Keys.Select(key => new TokenKeySource(key))],
        ServerName = ServerName,
    });

    static readonly ClientPath Path = TurnWorld.Path("203.0.113.77:40000");

    readonly TokenSeal[] _seals = [.. Keys.Select(key => new TokenSeal(key, ServerName))];

    public override byte Kinds => (byte)(Kind.Name + 1);

    public override int MostBytes => 600;

    public override IEnumerable<Step[]> Seeds()
    {
        for (byte key = 0; key < 2; key++)
        foreach (var length in (int[])[20, 32])
        {
            var plain = Plain(length, Now, 3600);
            yield return [new((byte)Kind.Plain, key, plain)];
            yield return [new((byte)Kind.Token, key, Seal(Keys[key], ServerName, plain))];
            yield return [new((byte)Kind.Plain, key, Plain(length, Now - 4000, 3600))];
            yield return [new((byte)Kind.Plain, (byte)(key | 2), plain)];
        }

        string[] names =
            ["1800003600:4f9c2d7e1b6a", "1800003600:4f9c2d7e1b6a.gold", "17999999999:x", "99999999:x", "123456789012:x"];
        foreach (var name in names)
            yield return [new((byte)Kind.Name, 0, Encoding.UTF8.GetBytes(name))];
    }

    public override void Run(IReadOnlyList<Step> steps, Coverage coverage)
    {
        TurnWorld world = new(coverage, Verifier);
        world.FromClient(Path, Templates.Allocate);
        var nonce = Incoming.Read(world.Left)?.Get(Attr.Nonce) ?? [];
        foreach (var step in steps)
        {
            var key = Keys[step.Arg & 1];
            switch ((Kind)(step.Kind % Kinds))
            {
                case Kind.Token:
                    Show(world, nonce, key, step.Bytes);
                    break;
                case Kind.Plain:
                    Show(world, nonce, key, Seal(key, (step.Arg & 2) == 0 ? ServerName : "turn2.ims.example.net", step.Bytes));
                    break;
                default:
                    ShowName(world, nonce, step.Bytes);
                    break;
            }

            world.CheckBooks();
        }

        world.CheckEnd();
    }

    public override void Dispose()
    {
        foreach (var seal in _seals) seal.Dispose();
        base.Dispose();
    }

    void Show(TurnWorld world, byte[] nonce, TokenKey key, byte[] token)
    {
        var expected = Opened(key, token);
        var isOpen = _seals[Array.IndexOf(Keys, key)].TryOpen(token, out var opened);
        Finding.Unless(isOpen == expected is not null, $"the seal says {isOpen}");
        if (opened is not null && expected is not null)
        {
            Finding.Unless(opened.MacKey.Span.SequenceEqual(expected.MacKey) && opened.IssuedAt == expected.IssuedAt &&
                opened.Lifetime == expected.Lifetime,
                "a token says what was sealed");
            Finding.Unless(opened.Id.Span.SequenceEqual(token.AsSpan(2, 8)), "its id is the nonce's first 8 bytes");
        }

        // RFC 7635 §5, and no further ahead than the clocks may be apart.
        var isFresh = expected is not null && Now < expected.IssuedAt + expected.Lifetime + 5 && expected.IssuedAt <= Now + 5;
        var macKey = expected?.MacKey ?? new byte[20];
        Signer signer = new(key.Kid, macKey, 0, macKey.Length == 32);
        var isTaken = IsAllocated(world, signer, nonce, token);
        Finding.Unless(isTaken == isFresh, $"the server says {isTaken} to a token that is {(isFresh ? "good" : "not")}");
        Finding.Unless(!IsPlanted || isOpen || token.Length < 2 || Opened(key, [0, NonceLength, .. token.AsSpan(2)]) is null,
            "planted: the length of the nonce does not matter");
    }

    void ShowName(TurnWorld world, byte[] nonce, byte[] name)
    {
        var text = Encoding.Latin1.GetString(name);
        var match = ExpiringName().Match(text);
        var isExpiring = TimeLimitedCredential.TryReadExpiry(name, out var expiry);
        Finding.Unless(isExpiring == match.Success, $"a name with an expiry: {isExpiring}");
        if (isExpiring) Finding.Unless(expiry == long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture),
            "the expiry is what it says");
        var user = isExpiring ? name.AsSpan(match.Length) : name;
        var isSplit = TimeLimitedCredential.TrySplitProfile(user, out var opaque, out var profile);
        Finding.Unless(!isSplit || (user.Length <= 32 && user.SequenceEqual([.. opaque, (byte)'.', .. profile])),
            "a profile is a part of the name");

        // Names that a string does not hold as they are would be written differently.
        if (name.Length > 500 || name.Any(letter => letter >= 0x80)) return;
        Span<byte> password = stackalloc byte[SharedSecret.MostPasswordLength];
        var length = TurnWorld.Secret.WritePassword(name, password);
        var isTaken = IsAllocated(world, Signer.Md5(text, Encoding.ASCII.GetString(password[..length])), nonce, token: null);
        Finding.Unless(!isTaken || (isExpiring && expiry > Now), "a name counts until its time");
    }

    static bool IsAllocated(TurnWorld world, Signer signer, byte[] nonce, byte[]? token)
    {
        world.FromClient(Path, signer.Sign(Templates.Allocate, nonce, token));
        var isTaken = Incoming.Read(world.Left) is { IsSuccess: true };
        // What began ends, so that the next has the same chance.
        if (isTaken) world.FromClient(Path, signer.Sign(Templates.Refresh(0), nonce, token));
        Finding.Unless(!isTaken || world.Ledger.Sessions().Length == 0, "a session that is refreshed with 0 ends");
        return isTaken;
    }

    sealed record Content(byte[] MacKey, long IssuedAt, uint Lifetime);

    /// <summary>RFC 7635 §6.2 with our bounds: a nonce of 12 bytes, a key of 20 or 32, a lifetime of a day at most.</summary>
    static Content? Opened(TokenKey key, byte[] token)
    {
        if (token.Length is < 2 + NonceLength + TagLength or > Credentials.AccessToken.MostSealed) return null;
        if (BinaryPrimitives.ReadUInt16BigEndian(token) != NonceLength) return null;
        var plain = new byte[token.Length - 2 - NonceLength - TagLength];
        using AesGcm gcm = new(key.Value.Span, TagLength);
        try
        {
            gcm.Decrypt(token.AsSpan(2, NonceLength), token.AsSpan(2 + NonceLength, plain.Length),
                token.AsSpan(token.Length - TagLength), plain,
                Encoding.UTF8.GetBytes(ServerName));
        }
        catch (CryptographicException)
        {
            return null;
        }

        if (plain.Length < 2) return null;
        int length = BinaryPrimitives.ReadUInt16BigEndian(plain);
        if (length is not (20 or 32) || plain.Length != 2 + length + 12) return null;
        var issued = (long)(BinaryPrimitives.ReadUInt64BigEndian(plain.AsSpan(2 + length)) >> 16);
        var lifetime = BinaryPrimitives.ReadUInt32BigEndian(plain.AsSpan(10 + length));
        return lifetime is 0 or > 86_400 ? null : new(plain[2..(2 + length)], issued, lifetime);
    }

    static byte[] Plain(int length, long issued, uint lifetime)
    {
        var plain = new byte[2 + length + 12];
        plain[1] = (byte)length;
        plain.AsSpan(2, length).Fill((byte)'k');
        BinaryPrimitives.WriteInt64BigEndian(plain.AsSpan(2 + length), issued << 16);
        BinaryPrimitives.WriteUInt32BigEndian(plain.AsSpan(10 + length), lifetime);
        return plain;
    }

    static byte[] Seal(TokenKey key, string serverName, byte[] plain)
    {
        byte[] token = [0, NonceLength, .. "grant0010001"u8, .. plain, .. new byte[TagLength]];
        using AesGcm gcm = new(key.Value.Span, TagLength);
        gcm.Encrypt(token.AsSpan(2, NonceLength), plain, token.AsSpan(2 + NonceLength, plain.Length),
            token.AsSpan(token.Length - TagLength),
            Encoding.UTF8.GetBytes(serverName));
        return token;
    }

    [GeneratedRegex(@"\A([0-9]{9,11}):")]
    private static partial Regex ExpiringName();
}
