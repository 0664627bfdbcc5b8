using Microsoft.AspNetCore.Http;
using Portunus.Epcscf;
using Portunus.Nodes.Core;

namespace Portunus.Nodes.Admin;

/// <summary><c>/v1/registrations</c>: who is registered at the edge, and the end of a registration by its operator.</summary>
/// <param name="edge">Null when this process has no edge: then there are none.</param>
sealed class Registrations(EdgeNode? edge)
{
    public async Task ListAsync(HttpContext context) =>
        await Answer.JsonAsync(context, 200, new { registrations = (await AllAsync()).OrderBy(one => one.Identity).Select(Describe) });

    public async Task ShowAsync(HttpContext context, string id)
    {
        if ((await AllAsync()).FirstOrDefault(one => one.Id == id) is { } found) await Answer.JsonAsync(context, 200, Describe(found));
        else await MissAsync(context);
    }

    /// <summary>Ends it here, in the core and at the TURN servers that were told of it.</summary>
    public async Task EndAsync(HttpContext context, string id)
    {
        if (edge is null || !await edge.EndAsync(id)) await MissAsync(context);
        else context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    static Task MissAsync(HttpContext context) => Answer.ProblemAsync(context, 404, "No registration has this id.");

    async Task<IReadOnlyList<RegistrationSnapshot>> AllAsync() => edge is null ? [] : await edge.RegistrationsAsync();

    static object Describe(RegistrationSnapshot one) => new
    {
        id = one.Id,
        identity = one.Identity,
        scenario = one.Scenario.ToString(),
        isConnected = one.Flow is not null,
        expires = Answer.Time(one.Expires),
        webFunction = one.WebFunction,
        isKnownToTurn = one.IsKnownToTurn,
        isWatched = one.IsWatched,
    };
}
