using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace Portunus.Nodes.Tokens;

/// <summary>
/// The signing keys of one WAF, fetched when they are needed and again when they are old or a token names one that is not there;
/// for many threads, which share a fetch.
/// </summary>
/// <param name="uri">Of the JWK set.</param>
/// <param name="http">Stays with the caller.</param>
/// <param name="clock">For the age of what was fetched.</param>
sealed class SigningKeys(Uri uri, HttpClient http, TimeProvider clock)
{
    // Who sends made-up key names must not make us fetch for each. A WAF publishes a key long before it signs with it.
    static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);
    // A key that was taken back is believed for no longer than this, if the WAF can be reached.
    static readonly TimeSpan LongestAge = TimeSpan.FromMinutes(10);
    const string Curve = "P-256";

    readonly Lock _gate = new();
    volatile Known _known = new(FrozenDictionary<string, JsonWebKey>.Empty, null, IsOfLastTry: false);
    Task? _fetch;
    long? _triedAt;

    /// <summary>The key of that name; null when the WAF has none.</summary>
    /// <param name="kid">As the token names it.</param>
    /// <param name="patience">Ends the waiting, not the fetch, for which others may wait.</param>
    /// <exception cref="HttpRequestException">Nobody can tell: the keys cannot be fetched.</exception>
    public async Task<JsonWebKey?> FindAsync(string kid, CancellationToken patience)
    {
        var known = _known;
        if (known.Keys.TryGetValue(kid, out var key) && Since(known.FetchedAt) < LongestAge) return key;
        var fetch = Fetch();
        // A WAF that failed may now take all the patience there is: who has a key does not wait for it again.
        if (key is null || known.IsOfLastTry) await fetch.WaitAsync(patience);
        known = _known;
        if (known.Keys.TryGetValue(kid, out key)) return key;
        // After a try that failed: a key that is not here may be there.
        return known.IsOfLastTry ? null : throw new HttpRequestException($"The keys of {uri} cannot be had.");
    }

    Task Fetch()
    {
        lock (_gate)
        {
            if (_fetch is { IsCompleted: false }) return _fetch;
            if (Since(_triedAt) < Rest) return Task.CompletedTask;
            _triedAt = clock.GetTimestamp();
            return _fetch = Task.Run(FetchAsync);
        }
    }

    async Task FetchAsync()
    {
        try
        {
            var set = new JsonWebKeySet(await http.GetStringAsync(uri));
            var keys = new Dictionary<string, JsonWebKey>(StringComparer.Ordinal);
            foreach (var key in set.Keys)
            {
                var isOurs = key.Kty == JsonWebAlgorithmsKeyTypes.EllipticCurve && key.Crv == Curve && key.Use is (null or "sig");
                if (isOurs && !string.IsNullOrEmpty(key.Kid)) keys[key.Kid] = key;
            }

            _known = new(keys.ToFrozenDictionary(StringComparer.Ordinal), clock.GetTimestamp(), IsOfLastTry: true);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or ArgumentException or JsonException)
        {
            // What was fetched before counts on: a WAF that is down for an hour must not end every call.
            _known = _known with { IsOfLastTry = false };
        }
    }

    TimeSpan Since(long? at) => at is { } then ? clock.GetElapsedTime(then) : TimeSpan.MaxValue;

    /// <param name="Keys">By kid.</param>
    /// <param name="FetchedAt">Of the clock; null before.</param>
    /// <param name="IsOfLastTry">Whether nothing failed since.</param>
    sealed record Known(FrozenDictionary<string, JsonWebKey> Keys, long? FetchedAt, bool IsOfLastTry);
}
