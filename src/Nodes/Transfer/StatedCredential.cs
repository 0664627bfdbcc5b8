using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using Portunus.Credentials;
using Portunus.Turn;

namespace Portunus.Nodes.Transfer;

/// <summary>Reads what an edge stated of a credential; says what is wrong with it in a sentence that repeats no value.</summary>
static class StatedCredential
{
    const int MostPeers = 64;

    public static bool TryRead(
        string realm, string username, TransferJson.Credential stated,
        [NotNullWhen(true)] out PushedCredential? credential, [NotNullWhen(false)] out string? mistake)
    {
        (credential, mistake) = (null, null);
        Span<byte> md5 = stackalloc byte[16];
        Span<byte> sha256 = stackalloc byte[32];
        mistake = !PushedName.Is(username) ? "A username has 1 to 128 characters of A-Z, a-z, 0-9, '-', '.', '_' and '~'."
            : !TryReadHex(stated.KeyMd5, md5) ? "keyMd5 has 32 hexadecimal digits."
            : !TryReadHex(stated.KeySha256, sha256) ? "keySha256 has 64 hexadecimal digits."
            : !IsRegistration(stated.Registration) ? "registration has 1 to 128 visible characters of ASCII."
            : stated.Sequence is 0 or > TransferJson.LargestNumber ? "sequence is a number from 1 to 2^53 - 1."
            : stated.Limits is { } limits ? MistakeOf(limits)
            : null;
        if (mistake is not null) return false;
        credential = new(
            realm, username, LongTermKey.From(PasswordAlgorithm.Md5, md5), LongTermKey.From(PasswordAlgorithm.Sha256, sha256),
            stated.Expires, stated.Registration, stated.Sequence, Read(stated.Limits));
        return true;
    }

    public static bool IsRegistration(string text) =>
        text.Length is > 0 and <= PushedName.Longest && !text.AsSpan().ContainsAnyExceptInRange('!', '~');

    static bool TryReadHex(string text, Span<byte> bytes) =>
        text.Length == 2 * bytes.Length && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;

    static string? MistakeOf(TransferJson.Limits limits) =>
        limits.MaxAllocations < 0 ? "limits.maxAllocations is not negative."
        : limits.MaxKbps < 1 || limits.MaxPps < 1 ? "limits.maxKbps and limits.maxPps are at least 1."
        : limits.Peers is { Length: > MostPeers } ? "limits.peers has at most 64 ranges."
        : limits.Peers is { } peers && !peers.All(peer => AddressRange.TryParse(peer, out _))
            ? "limits.peers holds ranges of addresses like 192.0.2.0/24 or 2001:db8::/32."
            : null;

    static CredentialLimits Read(TransferJson.Limits? limits) => limits is null
        ? CredentialLimits.None
        : new()
        {
            MaxAllocations = limits.MaxAllocations, MaxKbps = limits.MaxKbps, MaxPps = limits.MaxPps, Peers = limits.Peers ?? [],
        };
}
