using Microsoft.EntityFrameworkCore;

namespace Portunus.Store;

/// <summary>The tables: a subscriber, what it is called, and a hash for each algorithm that it is offered.</summary>
sealed class StoreContext(DbContextOptions<StoreContext> options) : DbContext(options)
{
    public DbSet<SubscriberRow> Subscribers => Set<SubscriberRow>();

    protected override void OnModelCreating(ModelBuilder model)
    {
        model.Entity<SubscriberRow>(subscriber =>
        {
            subscriber.ToTable("subscribers").HasKey(row => row.Impi);
            subscriber.Property(row => row.Impi).HasColumnName("impi");
            subscriber.HasMany(row => row.Identities).WithOne().HasForeignKey(row => row.Impi).OnDelete(DeleteBehavior.Cascade);
            subscriber.HasMany(row => row.Hashes).WithOne().HasForeignKey(row => row.Impi).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<IdentityRow>(identity =>
        {
            // The key is the IMPU alone: a public identity belongs to one subscriber (TS 23.228 §4.3.3.4 allows more; not here).
            identity.ToTable("public_identities").HasKey(row => row.Impu);
            identity.Property(row => row.Impu).HasColumnName("impu");
            identity.Property(row => row.Impi).HasColumnName("impi");
            identity.Property(row => row.Place).HasColumnName("place");
        });
        model.Entity<HashRow>(hash =>
        {
            hash.ToTable("digest_hashes").HasKey(row => new { row.Impi, row.Algorithm });
            hash.Property(row => row.Impi).HasColumnName("impi");
            hash.Property(row => row.Algorithm).HasColumnName("algorithm");
            hash.Property(row => row.Value).HasColumnName("value");
        });
    }
}
