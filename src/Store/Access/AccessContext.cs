using Microsoft.EntityFrameworkCore;

namespace Portunus.Store.Access;

/// <summary>
/// The tables of a WAF and of a WWSF: those that OpenIddict keeps of clients, authorizations and tokens, and ours of users,
/// keys, grants, pools and leases. Times are Unix seconds, the same in every data base.
/// </summary>
public sealed class AccessContext(DbContextOptions<AccessContext> options) : DbContext(options)
{
    internal DbSet<UserRow> Users => Set<UserRow>();

    internal DbSet<KeyRow> Keys => Set<KeyRow>();

    internal DbSet<GrantRow> Grants => Set<GrantRow>();

    internal DbSet<PoolIdentityRow> PoolIdentities => Set<PoolIdentityRow>();

    internal DbSet<LeaseRow> Leases => Set<LeaseRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.UseOpenIddict();
        model.Entity<UserRow>(user =>
        {
            user.ToTable("users").HasKey(row => row.Name);
            user.Property(row => row.Name).HasColumnName("name");
            user.Property(row => row.PasswordHash).HasColumnName("password_hash");
            user.Property(row => row.Impi).HasColumnName("impi");
            user.Property(row => row.Impus).HasColumnName("impus");
        });
        model.Entity<KeyRow>(key =>
        {
            key.ToTable("keys").HasKey(row => row.Id);
            // Of two nodes that rotate at once one wins, and the other reads what it made.
            key.HasIndex(row => new { row.Purpose, row.Generation }).IsUnique();
            key.Property(row => row.Id).HasColumnName("id");
            key.Property(row => row.Purpose).HasColumnName("purpose");
            key.Property(row => row.Generation).HasColumnName("generation");
            key.Property(row => row.Value).HasColumnName("value");
            key.Property(row => row.UsedFrom).HasColumnName("used_from");
            key.Property(row => row.UsedUntil).HasColumnName("used_until");
            key.Property(row => row.KeptUntil).HasColumnName("kept_until");
        });
        model.Entity<GrantRow>(grant =>
        {
            grant.ToTable("turn_grants").HasKey(row => row.Id);
            grant.HasIndex(row => row.TokenId);
            grant.HasIndex(row => row.Impi);
            grant.HasIndex(row => row.Ends);
            grant.Property(row => row.Id).HasColumnName("id");
            grant.Property(row => row.TokenId).HasColumnName("token_id");
            grant.Property(row => row.Impi).HasColumnName("impi");
            grant.Property(row => row.Impu).HasColumnName("impu");
            grant.Property(row => row.Client).HasColumnName("client");
            grant.Property(row => row.Server).HasColumnName("server");
            grant.Property(row => row.Ends).HasColumnName("ends");
        });
        ConfigurePools(model);
    }

    static void ConfigurePools(ModelBuilder model)
    {
        model.Entity<PoolIdentityRow>(identity =>
        {
            // The key is the IMPU alone: an identity is in one pool.
            identity.ToTable("pool_identities").HasKey(row => row.Impu);
            identity.HasIndex(row => new { row.Pool, row.LastUsed });
            identity.Property(row => row.Impu).HasColumnName("impu");
            identity.Property(row => row.Pool).HasColumnName("pool");
            identity.Property(row => row.LastUsed).HasColumnName("last_used");
        });
        model.Entity<LeaseRow>(lease =>
        {
            // These two keys are what keeps an identity from being shared, whatever runs beside us: one lease for an identity,
            // one for a holder.
            lease.ToTable("leases").HasKey(row => row.Impu);
            lease.HasIndex(row => new { row.Pool, row.Holder }).IsUnique();
            lease.HasOne<PoolIdentityRow>().WithOne().HasForeignKey<LeaseRow>(row => row.Impu).OnDelete(DeleteBehavior.Cascade);
            lease.Property(row => row.Impu).HasColumnName("impu");
            lease.Property(row => row.Pool).HasColumnName("pool");
            lease.Property(row => row.Holder).HasColumnName("holder");
            lease.Property(row => row.Id).HasColumnName("id");
            lease.Property(row => row.Until).HasColumnName("until");
            lease.Property(row => row.FreeAt).HasColumnName("free_at");
        });
    }
}
