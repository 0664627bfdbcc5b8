using System.Globalization;
using Microsoft.AspNetCore.Http;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Admin;

/// <summary><c>/v1/sessions</c>: the allocations that live at this moment.</summary>
/// <param name="turn">Null when this process has no TURN server: then there are none.</param>
sealed class Sessions(TurnNode? turn)
{
    public Task ListAsync(HttpContext context) =>
        Answer.JsonAsync(context, 200, new { sessions = All().OrderBy(session => session.Began.WallTicks).Select(Describe) });

    public Task ShowAsync(HttpContext context, string id) =>
        All().FirstOrDefault(session => IdOf(session) == id) is { } session
            ? Answer.JsonAsync(context, 200, Describe(session))
            : Answer.ProblemAsync(context, 404, "No session has this id.");

    Session[] All() => turn?.Sessions() ?? [];

    static string IdOf(Session session) => session.Relay.Value.ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>The credential's name without its expiry: neither a secret nor a person.</summary>
    static object Describe(Session session) => new
    {
        id = IdOf(session),
        client = session.Client.Client.ToString(),
        server = session.Client.Server.ToString(),
        relayed = session.Relayed.ToString(),
        credential = session.Subject.Kind.ToString(),
        name = session.Subject.Name.ToString(),
        began = Answer.Time(session.Began.UnixSeconds),
        expires = Answer.Time(session.ExpiresAt.UnixSeconds),
    };
}
