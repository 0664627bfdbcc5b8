using Microsoft.AspNetCore.Http;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Nodes.Admin;

/// <summary><c>/v1/sessions</c>: the allocations that live at this moment.</summary>
/// <param name="turn">Null when this process has no TURN server: then there are none.</param>
sealed class Sessions(TurnNode? turn)
{
    /// <summary>How long a session's credential is denied. A token or a pushed credential may be good for a day, and a little
    /// more where clocks are apart; after it a denial has nothing left to deny.</summary>
    internal static readonly TimeSpan Denial = TimeSpan.FromDays(1) + TimeSpan.FromMinutes(1);

    public Task ListAsync(HttpContext context) =>
        Answer.JsonAsync(context, 200, new { sessions = All().OrderBy(session => session.Began.WallTicks).Select(Describe) });

    public Task ShowAsync(HttpContext context, string id) =>
        All().FirstOrDefault(session => IdOf(session) == id) is { } session
            ? Answer.JsonAsync(context, 200, Describe(session))
            : MissAsync(context);

    /// <summary>
    /// Revokes the credential of a session: all that lives on it ends, and for a day nothing begins. A user that the operator
    /// wrote down is only ended: whoever takes it away takes it out of the configuration.
    /// </summary>
    public async Task EndAsync(HttpContext context, string id)
    {
        if (turn is null || All().FirstOrDefault(session => IdOf(session) == id) is not { Subject: var subject })
        {
            await MissAsync(context);
            return;
        }

        var denied = true;
        if (subject.Kind is CredentialKind.Static) await turn.EndAsync([subject]);
        else denied = await turn.RevokeAsync([subject], Denial);
        if (denied) context.Response.StatusCode = StatusCodes.Status204NoContent;
        else await Answer.ProblemAsync(context, 507, "It has ended, but too many are denied already: it may begin anew.");
    }

    static Task MissAsync(HttpContext context) => Answer.ProblemAsync(context, 404, "No session has this id.");

    Session[] All() => turn?.Sessions() ?? [];

    static string IdOf(Session session) => session.Relay.ToHex();

    /// <summary>The credential's name without its expiry: neither a secret nor a person.</summary>
    static object Describe(Session session) => new
    {
        id = IdOf(session),
        transport = session.Client.Transport.ToString().ToLowerInvariant(),
        client = session.Client.Client.ToString(),
        server = session.Client.Server.ToString(),
        relayed = session.Relayed.ToString(),
        second = session.Second?.ToString(),
        relayedTransport = session.IsTcp ? "tcp" : "udp",
        credential = session.Subject.Kind.ToString(),
        name = session.Subject.Name.ToString(),
        realm = session.Realm,
        began = Answer.Time(session.Began.UnixSeconds),
        expires = Answer.Time(session.ExpiresAt.UnixSeconds),
        toPeerPackets = session.Traffic.ToPeerPackets,
        toPeerBytes = session.Traffic.ToPeerBytes,
        toClientPackets = session.Traffic.ToClientPackets,
        toClientBytes = session.Traffic.ToClientBytes,
    };
}
