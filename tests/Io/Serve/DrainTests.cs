using System.Text.Json;
using Portunus.Stun;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Serve;

/// <summary><c>/v1/drain</c> and <c>/ready</c>.</summary>
public sealed class DrainTests(AdminFixture fixture) : IClassFixture<AdminFixture>
{
    [Fact]
    public async Task A_drain_begins_shows_what_still_lives_and_ends()
    {
        Assert.Equal(401, (await fixture.GetAsync("/v1/drain", token: null)).Status);
        using var lives = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        Assert.Null(lives.Allocate().Error);
        Assert.Equal((false, false, 1), await DrainAsync(HttpMethod.Get));
        Assert.Equal((200, """{"status":"ready"}"""), await fixture.GetAsync("/ready", token: null));

        Assert.Equal((true, true, 1), await DrainAsync(HttpMethod.Post));
        Assert.Equal((true, true, 1), await DrainAsync(HttpMethod.Post));
        Assert.Equal((503, """{"status":"draining"}"""), await fixture.GetAsync("/ready", token: null));
        Assert.Equal((200, """{"status":"up"}"""), await fixture.GetAsync("/health", token: null));
        using var late = new RawClient(fixture.Turn, "user", ConfigurationFolder.Password);
        Assert.Equal(ErrorCode.InsufficientCapacity, late.Allocate().Error);
        Assert.Null(lives.Refresh(600).Error);
        var (_, metrics) = await fixture.GetAsync("/metrics", token: null);
        Assert.Equal(1, Exposition.Read(metrics)["portunus_turn_draining"]);

        Assert.Equal((false, false, 1), await DrainAsync(HttpMethod.Delete));
        Assert.Null(late.Allocate().Error);
        Assert.Null(late.Refresh(0).Error);
        Assert.Null(lives.Refresh(0).Error);
        Assert.Equal((false, false, 0), await DrainAsync(HttpMethod.Get));
        using var put = await fixture.SendAsync(HttpMethod.Put, "/v1/drain");
        Assert.Equal((405, "GET, POST, DELETE"), ((int)put.StatusCode, string.Join(", ", put.Content.Headers.Allow)));
    }

    async Task<(bool IsDraining, bool HasTime, int Sessions)> DrainAsync(HttpMethod method)
    {
        using var answer = await fixture.SendAsync(method, "/v1/drain");
        Assert.True(answer.IsSuccessStatusCode);
        using var body = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var root = body.RootElement;
        return (root.GetProperty("isDraining").GetBoolean(), root.GetProperty("since").ValueKind == JsonValueKind.String,
            root.GetProperty("sessions").GetInt32());
    }
}
