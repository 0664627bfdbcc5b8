using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Microsoft.IdentityModel.Tokens;
using Portunus.Credentials;
using Portunus.Store.Access;
using Portunus.Waf.Keys;

namespace Portunus.Waf.Turn;

/// <summary>
/// The keys between this WAF and its TURN servers (RFC 7635 §4.1), one for each server, made when a server fetches its first
/// and rotated from then on; those by hand are what the settings say.
/// </summary>
sealed class TurnKeys(WafSettings settings, AccessStore store, TimeProvider time)
{
    // A TURN server looks for a new key every few minutes; it has it long before a token is sealed under it.
    static readonly TimeSpan Ahead = TimeSpan.FromMinutes(20);

    readonly ConcurrentDictionary<string, RotatingKeys> _servers = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>
    /// The key that seals tokens for a server; null when there is none: a server that never fetched one, or a stranger.
    /// </summary>
    public async ValueTask<TokenKey?> FindSealingKeyAsync(string server, CancellationToken stop)
    {
        if (settings.TurnKeys.TryGetValue(server, out var byHand)) return byHand;
        if (!settings.MayFetch(server)) return null;
        // Whoever asks for a token may name any server: a place in the table is for those that are there.
        if (!_servers.ContainsKey(server) && await store.NewestGenerationAsync(Purpose(server), stop) < 0) return null;
        var keys = await For(server).GetAsync(stop);
        return Read(RotatingKeys.InUse(keys, time.GetUtcNow().ToUnixTimeSeconds()));
    }

    /// <summary>What a server that proved its name is told: its keys, the newest first; the first ones are made now.</summary>
    public async ValueTask<ImmutableArray<KeyRecord>> FetchAsync(string server, CancellationToken stop)
    {
        var keys = await For(server).GetAsync(stop);
        return [.. keys.Reverse()];
    }

    static string Purpose(string server) => "turn " + server.ToLowerInvariant();

    static TokenKey Read(KeyRecord key) => new(key.Id, TokenAlgorithm.A256Gcm, key.Value);

    static (string Id, byte[] Value) Make() =>
        (Base64UrlEncoder.Encode(RandomNumberGenerator.GetBytes(12)), RandomNumberGenerator.GetBytes(32));

    RotatingKeys For(string server) => _servers.GetOrAdd(
        server, name => new(store, time, Purpose(name), new(settings.TurnKeyLifetime, Ahead, After), Make));

    // The last token under a key, and the seconds that clocks may be apart.
    TimeSpan After => settings.TurnTokenLifetime + TimeSpan.FromSeconds(2 * AccessToken.Delta);
}
