using System.Buffers.Binary;
using System.Security.Cryptography;
using Portunus.Credentials;
using Portunus.Store.Access;

namespace Portunus.Waf.Turn;

/// <summary>
/// Nonces of TURN tokens: 8 random bytes that name a grant (one access token at one server), and a counter. The grant is kept
/// in the store, so that a token on the wire leads to a person. Grants are drawn anew when the program starts. For many threads.
/// </summary>
sealed class TurnGrants(AccessStore store, TimeProvider time)
{
    // Beyond that a request gets a grant of its own that is not remembered: right, only more rows.
    const int MostRemembered = 100_000;

    readonly Lock _gate = new();
    readonly Dictionary<(string Token, string Server), Grant> _grants = [];
    readonly PriorityQueue<(string Token, string Server), long> _ends = new();

    sealed class Grant
    {
        public required byte[] Id { get; init; }

        public uint Count { get; set; }
    }

    /// <summary>The next nonce.</summary>
    /// <param name="token">Id of the access token.</param>
    /// <param name="tokenEnds">Unix seconds.</param>
    /// <param name="describe">The grant's row, for its id.</param>
    /// <param name="stop">Ends the attempt.</param>
    public async Task<(byte[] Nonce, string Id)> NextAsync(
        string token, long tokenEnds, Func<string, GrantRecord> describe, CancellationToken stop)
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        var nonce = new byte[TokenSeal.NonceLength];
        bool isNew;
        // Names of hosts are compared without case (RFC 4343): one server is one grant, however its name is written.
        var server = describe("").Server.ToLowerInvariant();
        lock (_gate)
        {
            while (_ends.TryPeek(out var ended, out var at) && at <= now)
            {
                _ends.Dequeue();
                _grants.Remove(ended);
            }

            isNew = !_grants.TryGetValue((token, server), out var grant);
            if (grant is null)
            {
                grant = new() { Id = RandomNumberGenerator.GetBytes(TokenSeal.IdLength) };
                if (_grants.Count < MostRemembered)
                {
                    _grants.Add((token, server), grant);
                    _ends.Enqueue((token, server), tokenEnds);
                }
            }

            grant.Id.CopyTo(nonce, 0);
            BinaryPrimitives.WriteUInt32BigEndian(nonce.AsSpan(TokenSeal.IdLength), grant.Count++);
        }

        var id = Convert.ToHexStringLower(nonce.AsSpan(0, TokenSeal.IdLength));
        var row = describe(id) with { Server = server };
        if (isNew) await store.AddGrantAsync(row, now, stop);
        else await store.ExtendGrantAsync(id, row.Ends, stop);
        return (nonce, id);
    }
}
