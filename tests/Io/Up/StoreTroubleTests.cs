using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Portunus.Nodes.Loopback;
using Portunus.Store;

namespace Portunus.Tests.Io.Up;

public sealed class StoreTroubleTests : IDisposable
{
    const string Realm = LoopbackFixture.Realm;

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Records_that_cannot_be_read_keep_nobody_else_from_registering()
    {
        var log = new RecordedLog();
        using var logs = LoggerFactory.Create(logging => logging.AddProvider(log));
        await using var system = await LoopbackSystem.StartAsync(
            new()
            {
                HttpPort = 0,
                HttpsPort = 0,
                TurnPort = 0,
                Realm = Realm,
                Subscribers = [Subscriber("alice"), Subscriber("bob")],
                DataFolder = _folder,
                PageFolder = _folder,
            },
            logs);
        await SpoilAsync("alice");

        var w2 = new Uri($"ws://localhost:{system.Page.Port}/w2");
        await using var alice = await SipClient.ConnectAsync(w2, "alice", Realm);
        // More questions than there are readers: one that gave up at the first would leave none.
        for (var i = 0; i < 4; i++) await alice.SendAsync(alice.Request("REGISTER", $"sip:{Realm}", alice.Impu));
        await using var bob = await SipClient.ConnectAsync(w2, "bob", Realm);
        Assert.Equal(200, (await bob.RegisterAsync(LoopbackFixture.Password)).Status);
        Assert.Contains(log.Lines, line => line.Contains("cannot be read", StringComparison.Ordinal));
    }

    /// <summary>A hash of the wrong length, as another program or a damaged disk may leave it.</summary>
    async Task SpoilAsync(string name)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder, SubscriberStore.FileName)}");
        await connection.OpenAsync(TestContext.Current.CancellationToken);
        await using var command = connection.CreateCommand();
        command.CommandText = "UPDATE digest_hashes SET value = x'00' WHERE impi = $impi";
        command.Parameters.AddWithValue("$impi", $"{name}@{Realm}");
        Assert.Equal(1, await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken));
    }

    static SubscriberRecord Subscriber(string name) => SubscriberRecord.WithPassword(
        $"{name}@{Realm}", [$"sip:{name}@{Realm}"], Realm, LoopbackFixture.Password, DigestAlgorithms.Md5);
}
