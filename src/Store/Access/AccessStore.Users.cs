using Microsoft.EntityFrameworkCore;
using OpenIddict.EntityFrameworkCore.Models;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Portunus.Store.Access;

public sealed partial class AccessStore
{
    /// <summary>The user with this name; null when there is none.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<UserRecord?> FindUserAsync(string name, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            var row = await context.Users.SingleOrDefaultAsync(row => row.Name == name, stop);
            return row is null ? null : new UserRecord(row.Name, row.PasswordHash, row.Impi, row.Impus.Split('\n'));
        },
        stop);

    /// <summary>
    /// Keeps a user; takes the place of what was kept under its name. Where that had another password or other identities, all ends
    /// that was given out under it, as when a user is removed.
    /// </summary>
    /// <exception cref="ArgumentException">No name, or no identities.</exception>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task SaveUserAsync(UserRecord user, CancellationToken stop = default)
    {
        if (user.Name.Length == 0 || user.Impi.Length == 0 || user.Impus.Count == 0
            || user.Impus.Any(impu => impu.Contains('\n')))
            throw new ArgumentException("A user has a name, a private identity and at least one public one.", nameof(user));
        return RunAsync(
            async context =>
            {
                await using var transaction = await context.Database.BeginTransactionAsync(stop);
                UserRow kept = new()
                {
                    Name = user.Name, PasswordHash = user.PasswordHash, Impi = user.Impi, Impus = string.Join('\n', user.Impus),
                };
                if (await context.Users.SingleOrDefaultAsync(row => row.Name == user.Name, stop) is { } before
                    && (before.PasswordHash, before.Impi, before.Impus) != (kept.PasswordHash, kept.Impi, kept.Impus))
                    await RevokeAsync(context, before.Impi, stop);
                await context.Users.Where(row => row.Name == user.Name).ExecuteDeleteAsync(stop);
                context.Add(kept);
                await context.SaveChangesAsync(stop);
                await transaction.CommitAsync(stop);
                return true;
            },
            stop);
    }

    /// <summary>
    /// Removes a user, and revokes all tokens and authorizations of its private identity; false when there was no such user.
    /// </summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<bool> DeleteUserAsync(string name, CancellationToken stop = default) => RunAsync(
        async context =>
        {
            await using var transaction = await context.Database.BeginTransactionAsync(stop);
            if (await context.Users.SingleOrDefaultAsync(row => row.Name == name, stop) is not { } user) return false;
            await context.Users.Where(row => row.Name == name).ExecuteDeleteAsync(stop);
            await RevokeAsync(context, user.Impi, stop);
            await transaction.CommitAsync(stop);
            return true;
        },
        stop);

    /// <summary>
    /// The authorizations and the tokens: an access token, whose signature is good for who does not ask, is refused by who does.
    /// Two users who share a private identity sign in anew together.
    /// </summary>
    static async Task RevokeAsync(AccessContext context, string impi, CancellationToken stop)
    {
        await context.Set<OpenIddictEntityFrameworkCoreAuthorization>()
            .Where(row => row.Subject == impi && row.Status == Statuses.Valid)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), stop);
        await context.Set<OpenIddictEntityFrameworkCoreToken>()
            .Where(row => row.Subject == impi && row.Status == Statuses.Valid)
            .ExecuteUpdateAsync(set => set.SetProperty(row => row.Status, Statuses.Revoked), stop);
    }
}
