using Microsoft.EntityFrameworkCore;

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

    /// <summary>Keeps a user; takes the place of what was kept under its name.</summary>
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
                await context.Users.Where(row => row.Name == user.Name).ExecuteDeleteAsync(stop);
                context.Add(new UserRow
                {
                    Name = user.Name, PasswordHash = user.PasswordHash, Impi = user.Impi, Impus = string.Join('\n', user.Impus),
                });
                await context.SaveChangesAsync(stop);
                await transaction.CommitAsync(stop);
                return true;
            },
            stop);
    }

    /// <summary>Removes a user; false when there was none. Tokens that it has run out by themselves.</summary>
    /// <exception cref="StoreException">The data base cannot be used.</exception>
    public Task<bool> DeleteUserAsync(string name, CancellationToken stop = default) => RunAsync(
        async context => await context.Users.Where(row => row.Name == name).ExecuteDeleteAsync(stop) > 0, stop);
}
