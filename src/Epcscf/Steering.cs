using System.Globalization;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>Which shard a message belongs to, read from the message alone; the shard itself checks what it is given.</summary>
public static class Steering
{
    /// <summary>
    /// The shard of a flow by its first REGISTER: that of the address-of-record in To. Null when the message is no REGISTER or
    /// names nobody: then any shard may answer it, and the flow has not joined one yet.
    /// </summary>
    /// <param name="message">The first of a flow, or the next after one that was null.</param>
    /// <param name="shards">How many there are, 1 to 256.</param>
    public static ShardId? OfFlow(SipMessage message, int shards) =>
        message is { IsRequest: true, Method: SipMethod.Register, To.Uri: { } uri }
            ? ShardId.For(uri.AddressOfRecord, shards)
            : null;

    /// <summary>
    /// The shard of a message from the core: a response by its top Via branch, a request by its top Route, a NOTIFY to ourselves
    /// by its Request-URI. Null when the message names none of ours: then any shard may answer it.
    /// </summary>
    public static ShardId? OfCore(SipMessage message, int shards)
    {
        ShardId? shard = message.IsResponse ? OfBranch(message.TopVia?.Branch)
            : FlowToken.TryRead(message.TopRoute?.Uri.User, out var token) ? token.Shard
            : FlowToken.TryRead(message.RequestUri?.User, out var self) ? self.Shard
            : null;
        return shard?.Value < shards ? shard : null;
    }

    /// <summary>A branch of ours that no other of this machine has: 100 random bits.</summary>
    internal static string NewBranch(ShardId shard, IRandom random) => $"{Via.MagicCookie}{shard}.{random.NextToken(20)}";

    static ShardId? OfBranch(string? branch) =>
        branch is { Length: > 9 } && branch[9] == '.' && branch.StartsWith(Via.MagicCookie, StringComparison.OrdinalIgnoreCase)
        && byte.TryParse(branch.AsSpan(7, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new ShardId(number)
            : null;
}
