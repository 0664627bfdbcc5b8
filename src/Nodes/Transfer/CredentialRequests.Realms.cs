using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Portunus.Nodes.Transfer;

// Which realm's table a request is about.
sealed partial class CredentialRequests
{
    /// <summary>The table of the path's realm, when this edge may write it here; otherwise the refusal was written.</summary>
    Task<CredentialTable?> TableAsync(HttpContext context) => TableAsync(context, writers.MayWrite);

    async Task<CredentialTable?> TableAsync(HttpContext context, Func<string, string, bool> may)
    {
        var realm = (string)context.GetRouteValue("realm")!;
        if (!may(EdgeOf(context), realm))
            await Problem.WriteAsync(context, StatusCodes.Status403Forbidden, "The certificate is of nobody who may write that.");
        else if (Of(realm) is not { } table)
            await Problem.WriteAsync(context, StatusCodes.Status404NotFound, "This server has another realm.");
        else
            return table;
        return null;
    }

    /// <summary>Each table has epochs of its own. Who names no realm means the first that it may write of.</summary>
    CredentialTable EpochTable(HttpContext context)
    {
        var edge = EdgeOf(context);
        var named = Of(context.Request.Query["realm"].ToString());
        return named is not null && May(named) ? named : tables.FirstOrDefault(May) ?? tables[0];

        bool May(CredentialTable table) => writers.MayWrite(edge, table.Realm) || writers.MayRevoke(edge, table.Realm);
    }

    CredentialTable? Of(string realm) => tables.FirstOrDefault(table => table.Realm == realm);
}
