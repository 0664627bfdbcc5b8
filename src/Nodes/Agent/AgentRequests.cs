using Portunus.Credentials;
using Portunus.Nodes.Transfer;
using Portunus.Turn;

namespace Portunus.Nodes.Agent;

/// <summary>The requests of the control connection: what is asked, who may, and the table's verdict as ng has it.</summary>
sealed class AgentRequests(PushedCredentials table, Writers writers, Func<IReadOnlyCollection<string>, Task> end)
{
    /// <summary>To what concerns media.</summary>
    const string NoMedia = "No media gateway is behind this agent: it takes TURN credentials only.";

    /// <summary>Answers one request.</summary>
    /// <param name="edge">Who asks, by its certificate.</param>
    /// <param name="request">Null for what could not be read.</param>
    public Task<AgentMessage.Answer> AnswerAsync(string edge, AgentMessage.Request? request) => request switch
    {
        null => Error("The message is no JSON object that this agent takes."),
        { Sdp: not null } => Error(NoMedia),
        { Command: "ping", Realm: null, Credentials: null } => Task.FromResult(new AgentMessage.Answer { Result = "pong" }),
        { Command: "ping", Realm: { } realm } => For(edge, realm, () => PingAsync(edge, realm, request)),
        { Command: "offer", Realm: { } realm, Credential: { } stated } => For(edge, realm, () => PutAsync(edge, realm, request, stated)),
        { Command: "delete", Realm: { } realm, Sequence: not null } => For(edge, realm, () => DeleteAsync(edge, request)),
        { Command: "offer" or "answer" or "delete" or "query" } => Error(NoMedia),
        _ => Error("This agent knows ping, offer, answer, delete and query."),
    };

    Task<AgentMessage.Answer> For(string edge, string realm, Func<Task<AgentMessage.Answer>> answer) =>
        !writers.MayWrite(edge, realm) ? Error("This edge may not write that realm.")
        : realm != table.Realm ? Error("This node has another realm.")
        : answer();

    /// <summary>A ping compares what both ends know: the epoch, or the whole set of the edge.</summary>
    async Task<AgentMessage.Answer> PingAsync(string edge, string realm, AgentMessage.Request request)
    {
        if (request.Credentials is not { } credentials)
            return new() { Result = "pong", Epoch = table.EpochOf(edge) };
        var stated = new TransferJson.Set { Sequence = request.Sequence ?? 0, Credentials = credentials };
        if (!CredentialRequests.TryRead(realm, stated, out var set, out var mistake)) return await Error(mistake);
        // A set that names no epoch may be one of a life of the edge before this one.
        if (request.Epoch is not { } epoch) return Refuse(edge, new(PushResult.WrongEpoch));
        List<string> ended = [];
        List<string> refused = [];
        var verdict = table.Sync(SystemClock.Now, edge, stated.Sequence, set, epoch, ended, refused);
        await EndAsync(ended);
        return verdict.Result == PushResult.Kept
            ? new() { Result = "ok", Epoch = verdict.Epoch, Refused = [.. refused] }
            : Refuse(edge, verdict);
    }

    async Task<AgentMessage.Answer> PutAsync(
        string edge, string realm, AgentMessage.Request request, TransferJson.Credential stated)
    {
        if (!StatedCredential.TryRead(realm, request.CallId ?? "", stated, out var credential, out var mistake))
            return await Error(mistake);
        List<string> ended = [];
        var verdict = table.Put(SystemClock.Now, edge, credential, request.Epoch, ended);
        await EndAsync(ended);
        return verdict.Result is PushResult.Created or PushResult.Kept
            ? new() { Result = "ok", Epoch = table.EpochOf(edge) }
            : Refuse(edge, verdict);
    }

    async Task<AgentMessage.Answer> DeleteAsync(string edge, AgentMessage.Request request)
    {
        if (request.CallId is not { } username || !PushedName.Is(username)
            || request.Sequence is not (> 0 and <= TransferJson.LargestNumber))
            return await Error("The call-id or the turn-sequence is none.");
        List<string> ended = [];
        var verdict = table.Delete(SystemClock.Now, edge, username, request.Sequence, ended);
        await EndAsync(ended);
        // What is not there, or was said anew since, is withdrawn as well as it can be.
        return verdict.Result == PushResult.Forbidden ? Refuse(edge, verdict) : new() { Result = "ok" };
    }

    /// <summary>What is ended is ended when the answer goes out.</summary>
    Task EndAsync(List<string> ended) => ended.Count == 0 ? Task.CompletedTask : end(ended);

    AgentMessage.Answer Refuse(string edge, PushVerdict verdict) => verdict.Result switch
    {
        PushResult.Older => new() { Result = "error", Reason = AgentMessage.Reason.Older, Sequence = verdict.Sequence },
        PushResult.WrongEpoch => new() { Result = "error", Reason = AgentMessage.Reason.WrongEpoch, Epoch = table.EpochOf(edge) },
        PushResult.Full => new() { Result = "error", Reason = AgentMessage.Reason.Full },
        PushResult.Expired => new() { Result = "error", Reason = "It has run out by this node's clock." },
        PushResult.TooLong => new() { Result = "error", Reason = "It would live longer than any may here." },
        PushResult.Forbidden => new() { Result = "error", Reason = "A username belongs to the edge that made it." },
        _ => throw new InvalidOperationException($"{verdict.Result} is no refusal."),
    };

    static Task<AgentMessage.Answer> Error(string reason) =>
        Task.FromResult(new AgentMessage.Answer { Result = "error", Reason = reason });
}
