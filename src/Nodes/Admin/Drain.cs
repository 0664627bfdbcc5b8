using Microsoft.AspNetCore.Http;
using Portunus.Nodes.Relay;

namespace Portunus.Nodes.Admin;

/// <summary><c>/v1/drain</c>: whether new allocations are turned away, how many still live, and the order for it.</summary>
/// <param name="turn">Null when this process has no TURN server: then there is nothing to drain.</param>
sealed class Drain(TurnNode? turn)
{
    public Task ShowAsync(HttpContext context) => turn is null
        ? Answer.ProblemAsync(context, 404, "No TURN server runs here.")
        : Answer.JsonAsync(context, 200, new
        {
            isDraining = turn.DrainsSince is not null,
            since = turn.DrainsSince is { } since ? Answer.Time(since.UnixSeconds) : null,
            sessions = turn.Sessions().Length,
        });

    /// <summary>Answers when every worker obeys; as often as it is said.</summary>
    public async Task SetAsync(HttpContext context, bool begins)
    {
        if (turn is not null) await turn.DrainAsync(begins);
        await ShowAsync(context);
    }
}
