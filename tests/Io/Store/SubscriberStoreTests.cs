using System.Security.Cryptography;
using System.Text;
using Microsoft.Data.Sqlite;
using Portunus.Store;

namespace Portunus.Tests.Io.Store;

public sealed class SubscriberStoreTests : IDisposable
{
    const string Realm = "ims.example.net";

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    static SubscriberRecord Alice => SubscriberRecord.WithPassword(
        $"alice@{Realm}", [$"sip:alice@{Realm}", "tel:+4912345"], Realm, "correct horse",
        DigestAlgorithms.Md5 | DigestAlgorithms.Sha256);

    string DataBase => Path.Combine(_folder, SubscriberStore.FileName);

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task A_subscriber_is_found_by_its_private_and_by_each_public_identity()
    {
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(Alice, Stop);

        foreach (var found in new[]
        {
            await store.FindByImpiAsync(Alice.Impi, Stop),
            await store.FindByImpuAsync(Alice.Impus[0], Stop),
            await store.FindByImpuAsync(Alice.Impus[1], Stop),
        })
        {
            Assert.Equal(Alice.Impi, found!.Impi);
            Assert.Equal(Alice.Impus, found.Impus);
            Assert.Equal(Alice.HashMd5, found.HashMd5);
            Assert.Equal(Alice.HashSha256, found.HashSha256);
        }

        Assert.Null(await store.FindByImpiAsync($"bob@{Realm}", Stop));
        Assert.Null(await store.FindByImpuAsync(Alice.Impi, Stop));
        Assert.Null(await store.FindByImpuAsync("' OR 1=1 --", Stop));
    }

    [Fact]
    public void A_hash_is_that_of_RFC_7616()
    {
        // RFC 7616 §3.9.1: Mufasa, http-auth@example.org, Circle of Life.
        Assert.Equal(
            MD5.HashData("Mufasa:http-auth@example.org:Circle of Life"u8),
            DigestHash.Md5("Mufasa", "http-auth@example.org", "Circle of Life"));
        Assert.Equal(
            "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232",
            Convert.ToHexStringLower(DigestHash.Sha256("Mufasa", "http-auth@example.org", "Circle of Life")));
    }

    [Fact]
    public async Task Saving_again_takes_the_place_of_what_was_there()
    {
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(Alice, Stop);
        await store.SaveAsync(Alice with { Impus = ["sip:a@x"], HashSha256 = null }, Stop);

        var found = await store.FindByImpiAsync(Alice.Impi, Stop);
        Assert.Equal(["sip:a@x"], found!.Impus);
        Assert.Null(found.HashSha256);
        Assert.Null(await store.FindByImpuAsync("tel:+4912345", Stop));
    }

    [Fact]
    public async Task Who_reads_while_another_saves_never_sees_half_a_subscriber()
    {
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(Alice, Stop);
        var saving = Task.Run(
            async () =>
            {
                for (var i = 0; i < 100; i++) await store.SaveAsync(Alice, Stop);
            },
            Stop);
        do
        {
            var found = await store.FindByImpiAsync(Alice.Impi, Stop);
            Assert.NotNull(found);
            Assert.Equal(Alice.Impus, found.Impus);
            Assert.Equal(Alice.HashMd5, found.HashMd5);
            Assert.Equal(Alice.HashSha256, found.HashSha256);
        }
        while (!saving.IsCompleted);

        await saving;
    }

    [Fact]
    public async Task A_public_identity_has_one_owner_and_a_refused_change_leaves_all_as_it_was()
    {
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(Alice, Stop);
        var thief = Alice with { Impi = $"mallory@{Realm}" };

        var refused = await Assert.ThrowsAsync<StoreException>(() => store.SaveAsync(thief, Stop));

        Assert.Contains("already belongs", refused.Message);
        Assert.Null(await store.FindByImpiAsync(thief.Impi, Stop));
        Assert.NotNull(await store.FindByImpuAsync(Alice.Impus[0], Stop));
    }

    [Fact]
    public async Task What_was_saved_is_there_after_a_restart()
    {
        using (var store = SubscriberStore.Open(_folder)) await store.SaveAsync(Alice, Stop);
        using var again = SubscriberStore.Open(_folder);
        Assert.NotNull(await again.FindByImpiAsync(Alice.Impi, Stop));
    }

    [Fact]
    public async Task The_files_hold_no_password_and_are_their_owners_alone()
    {
        using (var store = SubscriberStore.Open(_folder))
        {
            await store.SaveAsync(Alice, Stop);
            foreach (var file in Directory.EnumerateFiles(_folder))
            {
                Assert.DoesNotContain("correct horse", ReadShared(file));
                if (!OperatingSystem.IsWindows())
                    Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }
        }

        Assert.Equal([DataBase], Directory.EnumerateFiles(_folder));
        Assert.DoesNotContain("Hash", Alice.ToString());
    }

    [Fact]
    public async Task Many_first_users_at_once_make_one_store()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => Task.Run(async () =>
        {
            using var store = SubscriberStore.Open(_folder);
            await store.SaveAsync(Alice with { Impi = $"user{i}@{Realm}", Impus = [$"sip:user{i}@{Realm}"] }, Stop);
        }, Stop)));

        using var all = SubscriberStore.Open(_folder);
        for (var i = 0; i < 8; i++) Assert.NotNull(await all.FindByImpuAsync($"sip:user{i}@{Realm}", Stop));
    }

    [Fact]
    public async Task Readers_and_writers_do_not_hinder_each_other()
    {
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(Alice, Stop);
        var writer = Task.Run(async () =>
        {
            for (var i = 0; i < 50; i++) await store.SaveAsync(Alice with { Impus = [Alice.Impus[0], $"tel:+{i}"] }, Stop);
        }, Stop);
        while (!writer.IsCompleted) Assert.NotNull(await store.FindByImpuAsync(Alice.Impus[0], Stop));
        await writer;
    }

    [Fact]
    public async Task A_pools_sets_and_whom_it_allows_come_back_as_they_were_saved()
    {
        var pool = new SubscriberRecord("pool@web", ["sip:u1@web", "tel:+1"], HashMd5: null)
        {
            MoreSets = [["sip:u2@web", "tel:+2"], ["sip:u3@web"]],
            AllowedWebFunctions = ["waf.example.com", "wwsf.example.com"],
        };
        using var store = SubscriberStore.Open(_folder);
        await store.SaveAsync(pool, Stop);
        await store.SaveAsync(Alice, Stop);
        await store.SaveAsync(Alice with { Impi = "nobody's", Impus = ["sip:n@x"], AllowedWebFunctions = [] }, Stop);

        var found = await store.FindByImpuAsync("tel:+2", Stop);
        Assert.Equal(pool.Impus, found!.Impus);
        Assert.Equal(pool.MoreSets, found.MoreSets);
        Assert.Equal(pool.AllowedWebFunctions, found.AllowedWebFunctions);
        Assert.Null((await store.FindByImpiAsync(Alice.Impi, Stop))!.AllowedWebFunctions);
        Assert.Empty((await store.FindByImpiAsync("nobody's", Stop))!.AllowedWebFunctions!);
    }

    [Fact]
    public async Task A_store_of_the_first_version_is_brought_up_to_this_one_with_all_that_it_holds()
    {
        Sql($"""
            CREATE TABLE "subscribers" ("impi" TEXT NOT NULL CONSTRAINT "PK_subscribers" PRIMARY KEY);
            CREATE TABLE "digest_hashes" ("impi" TEXT NOT NULL, "algorithm" TEXT NOT NULL, "value" BLOB NOT NULL,
                CONSTRAINT "PK_digest_hashes" PRIMARY KEY ("impi", "algorithm"),
                CONSTRAINT "FK_digest_hashes_subscribers_impi"
                    FOREIGN KEY ("impi") REFERENCES "subscribers" ("impi") ON DELETE CASCADE);
            CREATE TABLE "public_identities" ("impu" TEXT NOT NULL CONSTRAINT "PK_public_identities" PRIMARY KEY,
                "impi" TEXT NOT NULL, "place" INTEGER NOT NULL,
                CONSTRAINT "FK_public_identities_subscribers_impi"
                    FOREIGN KEY ("impi") REFERENCES "subscribers" ("impi") ON DELETE CASCADE);
            INSERT INTO "subscribers" VALUES ('alice');
            INSERT INTO "public_identities" VALUES ('sip:alice@x', 'alice', 0), ('tel:+1', 'alice', 1);
            INSERT INTO "digest_hashes" VALUES ('alice', 'MD5', x'000102030405060708090A0B0C0D0E0F');
            PRAGMA application_id = {0x5074756e};
            PRAGMA user_version = 1;
            """);

        using (var store = SubscriberStore.Open(_folder))
        {
            var found = await store.FindByImpiAsync("alice", Stop);
            Assert.Equal(["sip:alice@x", "tel:+1"], found!.Impus);
            Assert.Null(found.AllowedWebFunctions);
            await store.SaveAsync(found with { MoreSets = [["sip:more@x"]], AllowedWebFunctions = ["waf"] }, Stop);
        }

        using var again = SubscriberStore.Open(_folder);
        Assert.Equal(["waf"], (await again.FindByImpuAsync("sip:more@x", Stop))!.AllowedWebFunctions);
    }

    [Fact]
    public void A_store_of_a_newer_version_is_refused_in_one_sentence()
    {
        SubscriberStore.Open(_folder).Dispose();
        Sql("PRAGMA user_version = 99");
        var refused = Assert.Throws<StoreException>(() => SubscriberStore.Open(_folder));
        Assert.Contains("newer Portunus", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void Somebody_elses_data_base_is_left_alone()
    {
        Sql("CREATE TABLE songs (name TEXT)");
        var refused = Assert.Throws<StoreException>(() => SubscriberStore.Open(_folder));
        Assert.Contains("not a data base of Portunus", refused.Message);
        Sql("SELECT count(*) FROM songs");
    }

    [Theory]
    [InlineData("no data base at all")]
    [InlineData("SQLite format 3\0 and then garbage")]
    public void A_file_of_garbage_is_refused_in_one_sentence(string content)
    {
        // Longer than the header that SQLite looks at.
        File.WriteAllText(DataBase, content.PadRight(4096, '.'), Encoding.ASCII);
        var refused = Assert.Throws<StoreException>(() => SubscriberStore.Open(_folder));
        Assert.Contains(DataBase, refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_refused_in_one_sentence()
    {
        var file = Path.Combine(_folder, "file");
        File.WriteAllText(file, "");
        var refused = Assert.Throws<StoreException>(() => SubscriberStore.Open(Path.Combine(file, "data")));
        Assert.Contains("cannot be used", refused.Message);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_subscriber_who_could_never_register_is_not_kept()
    {
        using var store = SubscriberStore.Open(_folder);
        foreach (var lame in new[]
        {
            Alice with { Impus = [] },
            Alice with { MoreSets = [[]] },
            Alice with { HashMd5 = new byte[15] },
        })
            await Assert.ThrowsAsync<ArgumentException>(() => store.SaveAsync(lame, Stop));
    }

    void Sql(string text)
    {
        using var connection = new SqliteConnection($"Data Source={DataBase};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    static string ReadShared(string file)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var reader = new StreamReader(stream, Encoding.Latin1);
        return reader.ReadToEnd();
    }
}
