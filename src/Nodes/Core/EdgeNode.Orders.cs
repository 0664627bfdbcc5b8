using System.Collections.Concurrent;
using Portunus.Credentials;
using Portunus.Epcscf;
using Portunus.Sip;

namespace Portunus.Nodes.Core;

public sealed partial class EdgeNode
{
    /// <summary>Above every patience of a question that the machine may ask for it; beyond, the answer was lost by a defect.</summary>
    static readonly TimeSpan LongestAnswer = TimeSpan.FromSeconds(30);

    readonly ConcurrentDictionary<WebRequestId, TaskCompletionSource<WebAnswer>> _web = new();
    ulong _lastWebRequest;

    /// <summary>What is registered, in all shards; no secret.</summary>
    public async Task<IReadOnlyList<RegistrationSnapshot>> RegistrationsAsync()
    {
        var lists = await Task.WhenAll(_shards.Select(shard => shard.RegistrationsAsync()));
        return [.. lists.SelectMany(list => list)];
    }

    /// <summary>Ends a registration here, in the core and at the TURN servers; false when there is none of that id.</summary>
    /// <param name="id">The opaque id.</param>
    public Task<bool> EndAsync(string id) => OrderAsync(new EdgeOrder.End(id));

    /// <summary>Gives an order to every shard; false when none of them had what was meant.</summary>
    public async Task<bool> OrderAsync(EdgeOrder order) =>
        (await Task.WhenAll(_shards.Select(shard => shard.OrderAsync(order)))).Contains(true);

    /// <summary>A credential for the owner of a token that was found good; 503 when the machine does not say.</summary>
    /// <param name="claims">Of the token.</param>
    /// <param name="wanted">What is asked for.</param>
    public async Task<WebAnswer> ProvideAsync(TokenClaims claims, TurnCredentialRequest wanted)
    {
        if (claims.Identities is not [var first, ..] || !SipUri.TryParse(first, out var identity)) return new(403, null);
        var id = new WebRequestId(Interlocked.Increment(ref _lastWebRequest));
        var answer = new TaskCompletionSource<WebAnswer>(TaskCreationOptions.RunContinuationsAsynchronously);
        _web[id] = answer;
        var shard = Shard(ShardId.For(identity.AddressOfRecord, _shards.Length));
        if (!shard.TryPost(new EdgeInput.Web(id, claims, wanted))) AnswerWeb(id, new(503, null));
        try
        {
            return await answer.Task.WaitAsync(LongestAnswer);
        }
        catch (TimeoutException)
        {
            AnswerWeb(id, new(503, null));
            return await answer.Task;
        }
    }

    internal void AnswerWeb(WebRequestId id, WebAnswer answer)
    {
        if (_web.TryRemove(id, out var waiting)) waiting.TrySetResult(answer);
    }

    void AbandonWeb()
    {
        foreach (var id in _web.Keys) AnswerWeb(id, new(503, null));
    }
}
