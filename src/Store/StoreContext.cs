using Microsoft.EntityFrameworkCore;

namespace Portunus.Store;

/// <summary>
/// The tables: a subscriber, what it is called, a hash for each algorithm that it is offered, and who may sign it in.
/// </summary>
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
            subscriber.Property(row => row.LimitsWebFunctions).HasColumnName("limits_web_functions");
            subscriber.HasMany(row => row.WebFunctions).WithOne().HasForeignKey(row => row.Impi).OnDelete(DeleteBehavior.Cascade);
            subscriber.HasMany(row => row.Hashes).WithOne().HasForeignKey(row => row.Impi).OnDelete(DeleteBehavior.Cascade);
        });
        model.Entity<IdentityRow>(identity =>
        {
            // The key is the IMPU alone: a public identity belongs to one subscriber (TS 23.228 §4.3.3.4 allows more; not here).
            identity.ToTable("public_identities").HasKey(row => row.Impu);
            identity.Property(row => row.Impu).HasColumnName("impu");
            identity.Property(row => row.Impi).HasColumnName("impi");
            identity.Property(row => row.Place).HasColumnName("place");
            identity.Property(row => row.Set).HasColumnName("registration_set");
        });
        model.Entity<WebFunctionRow>(function =>
        {
            function.ToTable("allowed_web_functions").HasKey(row => new { row.Impi, row.Name });
            function.Property(row => row.Impi).HasColumnName("impi");
            function.Property(row => row.Name).HasColumnName("name");
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
