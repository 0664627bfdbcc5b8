using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Portunus.Store;

namespace Portunus.Waf;

/// <summary>Tells a data base that failed from a defect of ours.</summary>
static class AccessFailure
{
    /// <summary>One sentence without values; null when it was something else.</summary>
    public static string? Sentence(Exception e) => e switch
    {
        StoreException store => store.Message,
        // OpenIddict's own tables; what such an exception says may hold values.
        DbException or DbUpdateException => "The data base cannot be used.",
        _ => null,
    };
}
