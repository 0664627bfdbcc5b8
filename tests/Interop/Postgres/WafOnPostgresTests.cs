using Portunus.Store.Access;
using Portunus.Tests.Io.Waf;

namespace Portunus.Tests.Interop.Postgres;

/// <summary>Two nodes of one WAF on one PostgreSQL data base.</summary>
public sealed class WafOnPostgresTests(PostgresFixture postgres)
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_code_of_one_node_is_worth_tokens_at_another_which_refreshes_and_revokes_them()
    {
        using var store = AccessStore.OpenPostgres(postgres.NewDatabase());
        await using var first = await WafStand.StartAsync(store: store);
        await using var second = await WafStand.StartAsync(store: store, time: first.Time);
        var code = await first.Browser.CodeAsync(("scope", "ims.register turn offline_access"));
        var tokens = await second.Browser.RedeemAsync(code);
        Assert.Equal(WafStand.Alice.Impi, CodeFlow.Read(tokens.Text("access_token")).Claims.Text("sub"));

        var renewed = await first.Browser.TokenAsync(
            null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
        Assert.True(await IsActiveAsync(second, renewed.Text("access_token")));
        await second.Browser.PostFormAsync("/oauth/revoke", null, ("client_id", "page"), ("token", renewed.Text("access_token")));
        Assert.False(await IsActiveAsync(first, renewed.Text("access_token")));
    }

    [Fact]
    public async Task Keys_rotate_once_for_all_nodes()
    {
        using var store = AccessStore.OpenPostgres(postgres.NewDatabase());
        await using var first = await WafStand.StartAsync(store: store);
        await using var second = await WafStand.StartAsync(store: store, time: first.Time);
        first.Time.Advance(TimeSpan.FromDays(29));
        await Task.WhenAll(
            first.Browser.GetStringAsync("/.well-known/jwks", Stop), second.Browser.GetStringAsync("/.well-known/jwks", Stop));
        first.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(
            await first.Browser.GetStringAsync("/.well-known/jwks", Stop),
            await second.Browser.GetStringAsync("/.well-known/jwks", Stop));
    }

    static async Task<bool> IsActiveAsync(WafStand waf, string token)
    {
        var told = await waf.Browser.PostFormAsync("/oauth/introspect", WafStand.Realm, ("token", token));
        return told.GetProperty("active").GetBoolean();
    }
}
