using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Store.Access;

public sealed partial class AccessStore
{
    /// <summary>Keeps a grant, and lets go of those that ended.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task AddGrantAsync(GrantRecord grant, long now, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            await context.Grants.Where(row => row.Ends <= now).ExecuteDeleteAsync(stop);
            context.Add(new GrantRow
            {
                Id = grant.Id, TokenId = grant.TokenId, Impi = grant.Impi, Impu = grant.Impu,
                Client = grant.Client, Server = grant.Server, Ends = grant.Ends,
            });
            return await context.SaveChangesAsync(stop);
        },
        stop);

    /// <summary>Moves the end of a grant, from which a further token was made.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task ExtendGrantAsync(string id, long ends, CancellationToken stop = default) => RunAsync(
        context => context.Grants.Where(row => row.Id == id && row.Ends < ends)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Ends, ends), stop),
        stop);

    /// <summary>The grant to which a token's nonce belongs; null when none is kept.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public async Task<GrantRecord?> FindGrantAsync(string id, CancellationToken stop = default) =>
        (await GrantsAsync(row => row.Id == id, stop)).SingleOrDefault();

    /// <summary>What was granted to who showed an access token.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<IReadOnlyList<GrantRecord>> FindGrantsOfTokenAsync(string tokenId, CancellationToken stop = default) =>
        GrantsAsync(row => row.TokenId == tokenId, stop);

    /// <summary>What was granted to a subscriber.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<IReadOnlyList<GrantRecord>> FindGrantsOfSubscriberAsync(string impi, CancellationToken stop = default) =>
        GrantsAsync(row => row.Impi == impi, stop);

    /// <summary>
    /// What was granted to who showed an access token that counts no more, though it has not run out: it was revoked, or all that
    /// came of the same sign-in was, or its client is gone. By the tables, whichever process wrote them.
    /// </summary>
    /// <param name="servers">At these TURN servers, in lower case.</param>
    /// <param name="now">Unix seconds; what has ended is left out.</param>
    /// <param name="most">At most so many.</param>
    /// <param name="stop">Ends the attempt.</param>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<IReadOnlyList<GrantRecord>> FindRevokedGrantsAsync(
        IReadOnlyCollection<string> servers, long now, int most, CancellationToken stop = default) =>
        RunAsync<IReadOnlyList<GrantRecord>>(
            async context => await context.Grants
                .Where(row => row.Ends > now && servers.Contains(row.Server)
                    && !context.Set<OpenIddictEntityFrameworkCoreToken>().Any(token =>
                        token.Id == row.TokenId && token.Status == Statuses.Valid
                        && (token.Authorization == null || token.Authorization.Status == Statuses.Valid)))
                .OrderBy(row => row.Ends)
                .Take(most)
                .Select(row => new GrantRecord(row.Id, row.TokenId, row.Impi, row.Impu, row.Client, row.Server, row.Ends))
                .ToListAsync(stop),
            stop);

    Task<IReadOnlyList<GrantRecord>> GrantsAsync(Expression<Func<GrantRow, bool>> which, CancellationToken stop) =>
        RunAsync<IReadOnlyList<GrantRecord>>(
            async context => await context.Grants.Where(which)
                .Select(row => new GrantRecord(row.Id, row.TokenId, row.Impi, row.Impu, row.Client, row.Server, row.Ends))
                .ToListAsync(stop),
            stop);
}
