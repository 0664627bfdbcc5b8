using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Portunus.Store.Access;

namespace Portunus.Tests.Io.Waf;

public class KeyRotationTests
{
    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_signing_key_is_shown_a_day_before_it_signs_and_the_old_one_verifies_after()
    {
        await using var waf = await WafStand.StartAsync();
        var first = await KidAsync(waf);
        Assert.Equal([first], await ShownAsync(waf));

        waf.Time.Advance(TimeSpan.FromDays(29));
        var shown = await ShownAsync(waf);
        Assert.Equal(2, shown.Length);
        Assert.Equal(first, await KidAsync(waf));

        waf.Time.Advance(TimeSpan.FromHours(23.5));
        var old = await TokenAsync(waf);
        waf.Time.Advance(TimeSpan.FromMinutes(31));
        var second = await KidAsync(waf);
        Assert.NotEqual(first, second);
        Assert.Contains(second, shown);
        Assert.Equal(shown.Order(), (await ShownAsync(waf)).Order());
        Assert.True(await CodeFlowTests.IsActiveAsync(waf, old));

        // What it signed last is a refresh token of 14 days.
        waf.Time.Advance(TimeSpan.FromDays(15));
        Assert.Equal([second], await ShownAsync(waf));
    }

    [Fact]
    public async Task A_refresh_token_outlives_the_key_that_sealed_it()
    {
        await using var waf = await WafStand.StartAsync();
        waf.Time.Advance(TimeSpan.FromDays(29));
        var tokens = await waf.Browser.TokensAsync(("scope", "ims.register turn offline_access"));
        waf.Time.Advance(TimeSpan.FromDays(10));
        var renewed = await waf.Browser.TokenAsync(
            null, ("grant_type", "refresh_token"), ("client_id", "page"), ("refresh_token", tokens.Text("refresh_token")));
        Assert.NotEmpty(renewed.Text("access_token"));
    }

    [Fact]
    public async Task A_restart_and_a_second_node_have_the_same_keys_and_cookies()
    {
        await using var waf = await WafStand.StartAsync();
        await using var second = await WafStand.StartAsync(store: waf.Store, time: waf.Time);
        Assert.Equal(await ShownAsync(waf), await ShownAsync(second));
        Assert.True(await CodeFlowTests.IsActiveAsync(second, await TokenAsync(waf)));
    }

    [Fact]
    public async Task Two_nodes_that_rotate_at_once_agree()
    {
        await using var waf = await WafStand.StartAsync();
        await using var second = await WafStand.StartAsync(store: waf.Store, time: waf.Time);
        waf.Time.Advance(TimeSpan.FromDays(29));
        var both = await Task.WhenAll(ShownAsync(waf), ShownAsync(second));
        waf.Time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(await ShownAsync(waf), await ShownAsync(second));
        Assert.Equal(2, both[0].Length);
    }

    [Fact]
    public void The_data_base_is_its_owners_alone()
    {
        if (OperatingSystem.IsWindows()) return;
        var folder = Directory.CreateTempSubdirectory("portunus-test-").FullName;
        using (AccessStore.OpenFolder(folder))
        {
            var mode = File.GetUnixFileMode(Path.Combine(folder, AccessStore.FileName));
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
        }

        Directory.Delete(folder, recursive: true);
    }

    static async Task<string[]> ShownAsync(WafStand waf) =>
        [.. new JsonWebKeySet(await waf.Browser.GetStringAsync("/.well-known/jwks", Stop)).Keys.Select(key => key.Kid)];

    static async Task<string> TokenAsync(WafStand waf) =>
        (await waf.Browser.TokenAsync("native", ("grant_type", "client_credentials"), ("scope", "turn"))).Text("access_token");

    static async Task<string> KidAsync(WafStand waf) => CodeFlow.Read(await TokenAsync(waf)).Header.Text("kid");
}
