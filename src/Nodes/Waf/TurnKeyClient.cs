using System.Buffers.Text;
using System.Collections.Immutable;
using System.Text.Json;
using Portunus.Credentials;

namespace Portunus.Nodes.Waf;

/// <summary>A key and the Unix seconds at which nothing that it sealed is good any more.</summary>
sealed record FetchedKey(TokenKey Key, long Ends);

/// <summary>
/// Asks one WAF for a TURN server's keys, by mutual TLS. What it answers is a stranger's input: bounded and checked.
/// </summary>
sealed class TurnKeyClient : IDisposable
{
    /// <summary>A rotation has two; more than that a WAF need not have.</summary>
    public const int MostKeys = 4;

    const int MostBytes = 16 * 1024;

    readonly HttpClient _client;
    readonly Uri _url;

    public TurnKeyClient(TurnKeyFetcherSettings settings, TurnKeySource source)
    {
        _client = OutsideHttp.Create(source.Authorities, settings.Time, MostBytes, settings.Certificate, source.Address);
        _url = new UriBuilder(source.KeysUrl) { Query = "service=stun&name=" + Uri.EscapeDataString(settings.ServerName) }.Uri;
    }

    /// <summary>The keys, the newest first, or the reason why there are none.</summary>
    public async Task<(ImmutableArray<FetchedKey> Keys, string? Reason)> FetchAsync(CancellationToken stop)
    {
        try
        {
            using var response = await _client.GetAsync(_url, stop);
            if (!response.IsSuccessStatusCode) return ([], $"it answered {(int)response.StatusCode}");
            var keys = Read(await response.Content.ReadAsByteArrayAsync(stop));
            return keys.IsEmpty ? ([], "its answer is no key of RFC 7635") : (keys, null);
        }
        catch (HttpRequestException e)
        {
            return ([], $"it cannot be reached ({e.HttpRequestError})");
        }
        catch (OperationCanceledException)
        {
            return ([], "it does not answer");
        }
    }

    public void Dispose() => _client.Dispose();

    internal static ImmutableArray<FetchedKey> Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new() { MaxDepth = 4 });
            var root = document.RootElement;
            if (ReadOne(root) is not { } newest) return [];
            ImmutableArray<FetchedKey>.Builder keys = ImmutableArray.CreateBuilder<FetchedKey>();
            keys.Add(newest);
            if (root.TryGetProperty("others", out var others) && others.ValueKind == JsonValueKind.Array)
                keys.AddRange(others.EnumerateArray().Take(MostKeys - 1).Select(ReadOne).OfType<FetchedKey>());
            return keys.ToImmutable();
        }
        catch (JsonException)
        {
            // The reader has no other way to say no.
            return [];
        }
    }

    static FetchedKey? ReadOne(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object || Text(json, "kid") is not { Length: > 0 and <= TokenKey.MostKid } kid
            || Text(json, "k") is not { } k || !Base64Url.IsValid(k, out var length)
            || !TokenAlgorithmExtensions.TryParse(Text(json, "enc") ?? "", out var algorithm) || length < algorithm.KeyLength()
            || !json.TryGetProperty("exp", out var exp) || exp.ValueKind != JsonValueKind.Number
            || !exp.TryGetInt64(out var ends)) return null;
        // Characters beyond ASCII take more bytes than they are.
        return System.Text.Encoding.UTF8.GetByteCount(kid) > TokenKey.MostKid
            ? null
            : new(new TokenKey(kid, algorithm, Base64Url.DecodeFromChars(k)), ends);
    }

    static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
