using Portunus.Store;
using Portunus.Store.Access;
using Portunus.Tests.Io.Store;

namespace Portunus.Tests.Interop.Postgres;

public sealed class AccessStoreOnPostgresTests(PostgresFixture postgres) : AccessStoreContract
{
    readonly Lazy<string> _connection = new(postgres.NewDatabase);

    protected override AccessStore Open() => AccessStore.OpenPostgres(_connection.Value);

    [Fact]
    public void Two_nodes_that_start_at_once_make_one_data_base() => Parallel.For(0, 4, _ => Open().Dispose());

    [Fact]
    public void A_server_that_is_not_there_is_refused_in_one_sentence_without_the_password()
    {
        var refused = Assert.Throws<StoreException>(
            () => AccessStore.OpenPostgres("Host=127.0.0.1;Port=1;Database=waf;Username=waf;Password=hunter2"));
        Assert.Contains("waf on 127.0.0.1:1 cannot be used: it cannot be reached", refused.Message);
        Assert.DoesNotContain("hunter2", refused.ToString());
    }

    [Fact]
    public void A_wrong_password_is_refused_in_one_sentence()
    {
        var wrong = new Npgsql.NpgsqlConnectionStringBuilder(_connection.Value) { Password = "wrong" }.ToString();
        var refused = Assert.Throws<StoreException>(() => AccessStore.OpenPostgres(wrong));
        Assert.Contains("password authentication failed", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }
}
