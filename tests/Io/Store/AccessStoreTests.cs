using Microsoft.Data.Sqlite;
using Portunus.Store;
using Portunus.Store.Access;

namespace Portunus.Tests.Io.Store;

public sealed class AccessStoreTests : AccessStoreContract, IDisposable
{
    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    protected override AccessStore Open() => AccessStore.OpenFolder(_folder);

    [Fact]
    public void Two_nodes_that_start_at_once_make_one_data_base() =>
        Parallel.For(0, 4, _ => AccessStore.OpenFolder(_folder).Dispose());

    [Fact]
    public void Somebody_elses_data_base_is_left_alone()
    {
        Sql("CREATE TABLE songs (name TEXT)");
        var refused = Assert.Throws<StoreException>(Open);
        Assert.Contains("is not a data base of a WAF", refused.Message);
    }

    [Fact]
    public void A_newer_version_is_refused_in_one_sentence()
    {
        Open().Dispose();
        Sql("UPDATE portunus_waf SET version = 99");
        var refused = Assert.Throws<StoreException>(Open);
        Assert.Contains("newer Portunus", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, AccessStore.FileName)};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
