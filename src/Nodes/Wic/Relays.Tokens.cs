using Portunus.Credentials;
using Portunus.Wic;

namespace Portunus.Nodes.Wic;

// Relays by tokens of a WAF (RFC 7635): fetched when the server has said its name, or before where it is known.
public sealed partial class Relays
{
    readonly CancellationTokenSource _over = new();
    Task? _keeping;

    /// <summary>One relay of one server. A token that is refused is fetched again once: it may have run out on the way.</summary>
    async Task<OpenRelay> OpenAsync(
        TurnServerAddress server, TurnAccess access, TurnTokens tokens, string step, CancellationToken stop)
    {
        if (tokens.Server is not null && tokens.Held is null) await tokens.FetchAsync(stop);
        for (var isSecond = false; ; isSecond = true)
        {
            var client = new RelayClient(
                server.Address, access.Credential with { Token = tokens.Held, AwaitsToken = tokens.Held is null }, From)
            {
                Patience = access.Patience,
            };
            try
            {
                var relay = tokens.Held is null
                    ? await OpenColdAsync(server, client, tokens, step, stop)
                    : await timeline.StepAsync(
                        step, async () => Keep(client, await client.AllocateAsync(stop)), relay => Gives(server, relay));
                _keeping ??= tokens.KeepAsync(Renew, _over.Token);
                return relay;
            }
            catch (RefusedException refused)
            {
                var cause = client.Failure;
                client.Dispose();
                if (client.Alternate is { } other) throw new RedirectedException(other, refused);
                if (cause is not (TurnClientFailure.TokenExpired or TurnClientFailure.TokenRefused)) throw;
                if (isSecond) throw new RefusedException(Sentence(server, tokens, refused.Message), refused);
                await tokens.FetchAsync(stop);
            }
            catch
            {
                client.Dispose();
                throw;
            }
        }
    }

    /// <summary>RFC 7635 §3, figure 2: first the 401, which says the server's name.</summary>
    async Task<OpenRelay> OpenColdAsync(
        TurnServerAddress server, RelayClient client, TurnTokens tokens, string step, CancellationToken stop)
    {
        tokens.Server = await timeline.StepAsync(
            "challenge", () => client.AskAsync(stop), name => $"{server} wants a token for {name}");
        var token = await tokens.FetchAsync(stop);
        return await timeline.StepAsync(
            step, async () => Keep(client, await client.AllocateAsync(token, stop)), relay => Gives(server, relay));
    }

    async Task StopKeepingAsync()
    {
        await _over.CancelAsync();
        if (_keeping is not null) await _keeping;
        _over.Dispose();
    }

    static string Sentence(TurnServerAddress server, TurnTokens tokens, string refusal) =>
        tokens.ClocksApart is { } apart
            ? $"{server} refuses a token that was just made (kid {Kid(tokens)}): {apart}, and RFC 7635 §4.1.1 allows 5 s."
            : $"A token that was just made (kid {Kid(tokens)}) does not do, nor did the one before: {refusal}";

    static string Kid(TurnTokens tokens) => AccessAnswer.Shown(tokens.Held!.Kid);
}
