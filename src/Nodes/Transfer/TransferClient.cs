using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Portunus.Epcscf;
using Portunus.Nodes.Tls;

namespace Portunus.Nodes.Transfer;

/// <summary>Speaks to one TURN server's interface for credentials; an answer is a value, whatever comes.</summary>
sealed class TransferClient : ITransferClient
{
    /// <summary>Bytes of an answer: the names of a set of which nothing could be taken.</summary>
    const int LargestAnswer = 16 * 1024 * 1024;

    readonly HttpPair _http;
    readonly TransferTarget _server;
    readonly ILogger _log;

    /// <param name="server">Where it is.</param>
    /// <param name="identity">Stays with the caller.</param>
    /// <param name="deadline">In which an answer is expected; half of it is left to the other connection.</param>
    /// <param name="log">Where its events go.</param>
    public TransferClient(TransferTarget server, TlsIdentity identity, TimeSpan deadline, ILogger log)
    {
        (_server, _log) = (server, log);
        _http = new(server.Address, identity, LargestAnswer, deadline / 2);
    }

    public string Realm => _server.Realm;

    public void Dispose() => _http.Dispose();

    public Task<TransferAnswer> PutAsync(TransferEffect.Put put, CancellationToken stop)
    {
        var credential = put.Credential;
        var body = TransferJson.WriteUnnamed(credential);
        return SendAsync(HttpMethod.Put, $"{PathOf(credential.Realm)}/credentials/{Escape(credential.Username)}",
            () => JsonContent.Create(body, options: TransferJson.Options), put.Epoch,
            (_, _) => Task.FromResult<TransferAnswer>(new TransferAnswer.Done()), stop);
    }

    public Task<TransferAnswer> DeleteAsync(TransferEffect.Delete delete, CancellationToken stop) => SendAsync(
        HttpMethod.Delete,
        string.Create(
            CultureInfo.InvariantCulture,
            $"{PathOf(delete.Realm)}/credentials/{Escape(delete.Username)}?sequence={delete.Sequence}"),
        null, null, (_, _) => Task.FromResult<TransferAnswer>(new TransferAnswer.Done()), stop, isOnce: true);

    public Task<TransferAnswer> RevokeAsync(TransferEffect.Revoke revoke, CancellationToken stop) => SendAsync(
        HttpMethod.Put, $"{PathOf(revoke.Realm)}/revocations/{Escape(revoke.Revoked)}",
        () => JsonContent.Create(new TransferJson.Revocation { Expires = revoke.Expires }, options: TransferJson.Options), null,
        (_, _) => Task.FromResult<TransferAnswer>(new TransferAnswer.Done()), stop, isOnce: true);

    public Task<TransferAnswer> SyncAsync(TransferEffect.Sync sync, CancellationToken stop)
    {
        var body = new TransferJson.Set { Sequence = sync.Sequence, Credentials = [.. sync.Set.Select(TransferJson.Write)] };
        return SendAsync(HttpMethod.Post, $"{PathOf(_server.Realm)}/credentials:sync",
            () => JsonContent.Create(body, options: TransferJson.Options), sync.Epoch,
            async (content, token) =>
                await content.ReadFromJsonAsync<TransferJson.Synchronised>(TransferJson.Lenient, token) is { } done
                ? new TransferAnswer.Synchronised(done.Epoch, done.Refused)
                : new TransferAnswer.Unreachable(), stop, isOnce: true);
    }

    public Task<TransferAnswer> GetEpochAsync(CancellationToken stop) => SendAsync(
        HttpMethod.Get, $"v1/epoch?realm={Escape(_server.Realm)}", null, null,
        async (content, token) => await content.ReadFromJsonAsync<TransferJson.Epoch>(TransferJson.Lenient, token) is { } epoch
            ? new TransferAnswer.IsAt(epoch.Value)
            : new TransferAnswer.Unreachable(), stop);

    static string PathOf(string realm) => $"v1/realms/{Escape(realm)}";

    static string Escape(string segment) => Uri.EscapeDataString(segment);

    async Task<TransferAnswer> SendAsync(
        HttpMethod method, string path, Func<HttpContent>? content, ulong? epoch,
        Func<HttpContent, CancellationToken, Task<TransferAnswer>> read, CancellationToken stop, bool isOnce = false)
    {
        try
        {
            // Of two sets the second would be of an epoch that is over; and a second withdrawal would be answered before the first has
            // ended what runs.
            return isOnce ? await _http.AskOnceAsync(AskAsync, stop) : await _http.AskAsync(AskAsync, stop);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException or JsonException or IOException
            or ObjectDisposedException)
        {
            TransferLog.RequestFailed(_log, _server.Name, e is OperationCanceledException ? "no answer in time" : e.Message);
            return new TransferAnswer.Unreachable();
        }

        async Task<TransferAnswer> AskAsync(HttpClient http, CancellationToken over)
        {
            using var request = new HttpRequestMessage(method, path)
            {
                Content = content?.Invoke(), Version = http.DefaultRequestVersion, VersionPolicy = http.DefaultVersionPolicy,
            };
            if (epoch is { } meant)
                request.Headers.IfMatch.Add(new(string.Create(CultureInfo.InvariantCulture, $"\"{meant}\"")));
            using var response = await http.SendAsync(request, over);
            if (response.IsSuccessStatusCode) return await read(response.Content, over);
            TransferLog.RequestFailed(_log, _server.Name, $"{method} was answered {(int)response.StatusCode}");
            return response.StatusCode switch
            {
                HttpStatusCode.Conflict => await ConflictAsync(response.Content, over),
                HttpStatusCode.PreconditionFailed => new TransferAnswer.WrongEpoch(),
                HttpStatusCode.InsufficientStorage => new TransferAnswer.Full(),
                >= HttpStatusCode.InternalServerError or HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout =>
                    new TransferAnswer.Unreachable(),
                _ => new TransferAnswer.Refused(),
            };
        }
    }

    /// <summary>With a number, what stands against the statement; without, nothing that a higher one would get around.</summary>
    static async Task<TransferAnswer> ConflictAsync(HttpContent content, CancellationToken stop)
    {
        using var problem = JsonDocument.Parse(await content.ReadAsByteArrayAsync(stop));
        return problem.RootElement.ValueKind == JsonValueKind.Object
            && problem.RootElement.TryGetProperty("sequence", out var sequence)
            && sequence.ValueKind == JsonValueKind.Number && sequence.TryGetUInt64(out var told)
            && told <= TransferJson.LargestNumber
                ? new TransferAnswer.Older(told)
                : new TransferAnswer.Refused();
    }
}
