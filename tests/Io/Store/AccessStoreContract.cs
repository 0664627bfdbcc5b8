using Portunus.Store;
using Portunus.Store.Access;

namespace Portunus.Tests.Io.Store;

/// <summary>What holds of a WAF's data base, whatever is underneath. Two stores stand for two nodes.</summary>
public abstract class AccessStoreContract
{
    static readonly string[] Impus = [.. Enumerable.Range(0, 8).Select(i => $"sip:web{i}@ims.example.net")];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens the same data base once more.</summary>
    protected abstract AccessStore Open();

    [Fact]
    public async Task A_user_is_kept_and_replaced_and_its_hash_is_not_shown()
    {
        using var store = Open();
        UserRecord alice = new("alice", "hash", "alice@ims.example.net", ["sip:alice@ims.example.net", "tel:+4912345"]);
        await store.SaveUserAsync(alice, Stop);
        await store.SaveUserAsync(alice with { PasswordHash = "another" }, Stop);
        using var second = Open();
        var found = await second.FindUserAsync("alice", Stop);
        Assert.Equal(("another", alice.Impi), (found!.PasswordHash, found.Impi));
        Assert.Equal(alice.Impus, found.Impus);
        Assert.Null(await second.FindUserAsync("Alice", Stop));
        Assert.DoesNotContain("another", found.ToString());
    }

    [Fact]
    public async Task Of_two_nodes_that_make_a_key_one_wins_and_what_has_ended_goes()
    {
        using var first = Open();
        using var second = Open();
        Assert.Equal(-1, await first.NewestGenerationAsync("test", Stop));
        var added = await Task.WhenAll(
            first.TryAddKeyAsync(new("a", "test", 0, [1], 0, 10, 20), 0, Stop),
            second.TryAddKeyAsync(new("b", "test", 0, [2], 0, 10, 20), 0, Stop));
        Assert.Single(added, won => won);
        Assert.Single(await first.FindKeysAsync("test", 19, Stop));
        Assert.Empty(await first.FindKeysAsync("test", 20, Stop));
        Assert.True(await second.TryAddKeyAsync(new("c", "test", 1, [3], 10, 20, 30), 25, Stop));
        Assert.Equal("c", Assert.Single(await first.FindKeysAsync("test", 0, Stop)).Id);
        Assert.Equal(1, await first.NewestGenerationAsync("test", Stop));
    }

    [Fact]
    public async Task A_grant_is_found_until_it_has_ended()
    {
        using var store = Open();
        GrantRecord grant = new(
            "0011223344556677", "token", "alice@ims.example.net", "sip:alice@ims.example.net", "page", "turn1", 100);
        await store.AddGrantAsync(grant, 0, Stop);
        await store.ExtendGrantAsync(grant.Id, 200, Stop);
        await store.ExtendGrantAsync(grant.Id, 150, Stop);
        Assert.Equal(grant with { Ends = 200 }, await store.FindGrantAsync(grant.Id, Stop));
        await store.AddGrantAsync(grant with { Id = "8899aabbccddeeff", Ends = 900 }, 200, Stop);
        Assert.Null(await store.FindGrantAsync(grant.Id, Stop));
    }

    // Drill 19.
    [Fact]
    public async Task Two_nodes_never_give_one_identity_to_two_holders()
    {
        using var first = Open();
        using var second = Open();
        await first.SavePoolAsync("site", Impus, Stop);
        var leases = await Task.WhenAll(Enumerable.Range(0, 20).Select(i =>
            (i % 2 == 0 ? first : second).TakeLeaseAsync("site", $"holder{i}", $"lease{i}", 1000, 600, 60, Stop)));
        var given = leases.OfType<Lease>().ToArray();
        Assert.Equal(Impus.Length, given.Length);
        Assert.Equal(Impus.Order(), given.Select(lease => lease.Impu).Order());
        Assert.Equal(1660, await second.NextFreeAsync("site", Stop));

        // One person at two nodes at once is one holder.
        var same = await Task.WhenAll(
            first.TakeLeaseAsync("site", "late", "x", 2000, 600, 60, Stop),
            second.TakeLeaseAsync("site", "late", "y", 2000, 600, 60, Stop));
        Assert.Equal(same[0]!.Impu, same[1]!.Impu);
    }

    [Fact]
    public async Task An_identity_that_left_the_pool_is_nobodys()
    {
        using var store = Open();
        await store.SavePoolAsync("site", Impus[..1], Stop);
        Assert.Equal(Impus[0], (await store.TakeLeaseAsync("site", "a", "1", 0, 60, 0, Stop))!.Impu);
        await store.SavePoolAsync("site", Impus[1..2], Stop);
        Assert.Equal(Impus[1], (await store.TakeLeaseAsync("site", "a", "2", 0, 60, 0, Stop))!.Impu);
        Assert.Null(await store.TakeLeaseAsync("site", "b", "3", 0, 60, 0, Stop));
        Assert.Null(await store.TakeLeaseAsync("another site", "b", "4", 0, 60, 0, Stop));
    }
}
