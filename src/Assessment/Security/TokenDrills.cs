using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using Portunus.Assessment.Study;
using Portunus.Assessment.Systems;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Turn;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>What is tried with tokens of RFC 7635: sealed by an authorization server whose clock or code is wrong, or edited.</summary>
static class TokenDrills
{
    const int MacLength = 20, CipherTag = 16;
    const uint Lifetime = 600;

    public static IEnumerable<Drill> All { get; } =
    [
        new(6, HasTokens, ExpiredAsync),
        new(8, HasTokens, AtAnotherServerAsync),
        new(9, HasTokens, DatedAheadAsync),
        new(22, HasTokens, MalformedAsync),
    ];

    /// <summary>For the end: the TURN server has other keys from then on. A WAF's keys change by themselves, in the rotation.</summary>
    public static Drill OtherKid { get; } = new(21, way => way.Solution == "Combined", OtherKidAsync);

    static bool HasTokens(Way way) => way.Solution is "OAuth" or "Combined";

    static async Task<Finding> ExpiredAsync(DrillSite site, CancellationToken stop)
    {
        var old = await site.TryAsync(await SealAsync(site, -TimeSpan.FromSeconds(Lifetime + AccessToken.Delta + 2), stop), stop);
        return new($"{old} to a token after its lifetime and {AccessToken.Delta} s", old.Is(ErrorCode.Unauthenticated));
    }

    static async Task<Finding> DatedAheadAsync(DrillSite site, CancellationToken stop)
    {
        var far = await site.TryAsync(await SealAsync(site, TimeSpan.FromSeconds(60), stop), stop);
        var near = await site.TryAsync(await SealAsync(site, TimeSpan.FromSeconds(3), stop), stop);
        return new($"{far} to one of a minute ahead; {near} to one of 3 s", far.Is(ErrorCode.Unauthenticated) && near.IsSuccess);
    }

    static async Task<Finding> AtAnotherServerAsync(DrillSite site, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(stop);
        var shown = await DrillSite.ShownAsync(session, stop);
        var second = await site.System.StartSecondTurnAsync();
        using var client = new TurnProbe(second, shown);
        var there = await client.AllocateAsync(stop);
        var here = await site.TryAsync(shown, stop);
        return new(
            $"{there} at {StudySystem.SecondTurnName}; {here} at {StudySystem.TurnName}",
            there.Is(ErrorCode.Unauthenticated) && here.IsSuccess);
    }

    static async Task<Finding> MalformedAsync(DrillSite site, CancellationToken stop)
    {
        var key = await KeyAsync(site, stop);
        var good = await SealAsync(site, TimeSpan.Zero, stop);
        var before = site.System.Turn.Sessions().Length;
        List<TurnSaid> answers = [];
        foreach (var token in Malformed(key, good.Token!.AccessToken.Span.ToArray()))
            answers.Add(await site.TryAsync(
                new() { Token = good.Token with { MacKey = Bytes.Copy(new byte[MacLength]), AccessToken = Bytes.Copy(token) } }, stop));
        var refused = answers.Count(answer => answer.Is(ErrorCode.Unauthenticated));
        var fine = await site.TryAsync(good, stop);
        return new(
            $"401 to {refused} of {answers.Count}; {fine} to a good one after them",
            refused == answers.Count && fine.IsSuccess && site.System.Turn.Sessions().Length <= before + 1);
    }

    static async Task<Finding> OtherKidAsync(DrillSite site, CancellationToken stop)
    {
        await using var session = await site.SignInAsync(stop);
        using var client = site.Probe(await DrillSite.ShownAsync(session, stop));
        var first = await client.AllocateAsync(stop);
        var next = new TokenKey("epcscf-next", TokenAlgorithm.A256Gcm, StudyKeys.Draw().Span);
        await site.System.UseAsync(site.System.SourcesOf(site.System.Keys.OfEdge, next));
        client.Shown = Seal(next, SystemClock.Now);
        var after = await client.RefreshAsync(600, stop);
        client.Shown = Seal(new("nobody", TokenAlgorithm.A256Gcm, StudyKeys.Draw().Span), SystemClock.Now);
        var stranger = await client.RefreshAsync(600, stop);
        return new(
            $"{first} to the Allocate; {after} to the Refresh; {stranger} under a kid that nobody knows",
            first.IsSuccess && after.IsSuccess && stranger.Is(ErrorCode.Unauthenticated));
    }

    static async Task<TurnClientSettings> SealAsync(DrillSite site, TimeSpan ahead, CancellationToken stop) =>
        Seal(await KeyAsync(site, stop), SystemClock.Now + ahead);

    static TurnClientSettings Seal(TokenKey key, Instant at)
    {
        using var issuer = new TokenIssuer(key, StudySystem.TurnName, new SystemRandom());
        return new() { Token = issuer.Issue(at, issuer.DrawId(), Lifetime) };
    }

    static async Task<TokenKey> KeyAsync(DrillSite site, CancellationToken stop) =>
        await site.System.TokenKeyAsync(stop) ?? throw new RefusedException("Nobody has a key for tokens yet.");

    /// <summary>RFC 7635 §6.2, each part of it wrong in one: the plain lengths, and what stands under the seal.</summary>
    static IEnumerable<byte[]> Malformed(TokenKey key, byte[] good) =>
    [
        // nonce_length beyond the end, and of another length than the cipher's.
        [0xFF, 0xFF, .. good[2..]],
        [0, 255, .. good[2..]],
        [0, 0, .. good[2..]],
        // Under a right seal a key of no bytes, one longer than the block, and one of another length than an HMAC's.
        Sealed(key, 1, [0, 0, .. Times(Lifetime)]),
        Sealed(key, 2, [0xFF, 0xFF, .. new byte[MacLength], .. Times(Lifetime)]),
        Sealed(key, 3, [0, 16, .. new byte[16], .. Times(Lifetime)]),
        // A byte too many, a life of no time, and one of more than a day.
        Sealed(key, 4, [0, MacLength, .. new byte[MacLength], .. Times(Lifetime), 0]),
        Sealed(key, 5, [0, MacLength, .. new byte[MacLength], .. Times(0)]),
        Sealed(key, 6, [0, MacLength, .. new byte[MacLength], .. Times(86_401)]),
        // A good one of which a bit is another, and noise.
        [.. good[..^1], (byte)(good[^1] ^ 1)],
        new byte[256],
        [0],
    ];

    static byte[] Sealed(TokenKey key, byte number, byte[] plain)
    {
        using var cipher = new AesGcm(key.Value.Span, CipherTag);
        byte[] nonce = [.. "malformed__"u8, number];
        var (block, tag) = (new byte[plain.Length], new byte[CipherTag]);
        cipher.Encrypt(nonce, plain, block, tag, Encoding.ASCII.GetBytes(StudySystem.TurnName));
        return [0, (byte)nonce.Length, .. nonce, .. block, .. tag];
    }

    static byte[] Times(uint lifetime)
    {
        var bytes = new byte[12];
        BinaryPrimitives.WriteInt64BigEndian(bytes, SystemClock.Now.UnixSeconds << 16);
        BinaryPrimitives.WriteUInt32BigEndian(bytes.AsSpan(8), lifetime);
        return bytes;
    }
}
