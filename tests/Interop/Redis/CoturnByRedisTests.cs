using System.Text;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Tests.Io;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Interop.Redis;

/// <summary>
/// Approach 2 with a TURN server that somebody else built: Debian's coturn, told by the Redis that it reads its users from.
/// </summary>
public sealed class CoturnByRedisTests : IDisposable
{
    const string Coturn = "127.0.0.1";

    readonly CoturnStand _stand = new();

    public void Dispose() => _stand.Dispose();

    [Fact]
    public async Task A_registration_relays_at_coturn_and_after_its_end_nothing_new_does()
    {
        await using var wic = await _stand.ConnectAsync();
        var (name, password) = await _stand.RegisterAsync(wic, Coturn, CoturnStand.Other);
        Assert.True(LongTermKey.TryDerive(PasswordAlgorithm.Md5, name, CoturnStand.Realm, password, out var key));
        Assert.Equal(Convert.ToHexStringLower(key.Span), (string?)_stand.Near.Database.StringGet(KeyOf(name)));

        using var one = Client(name, password);
        using var two = Client(name, password);
        var (there, back) = (one.Allocate(), two.Allocate());
        Assert.Equal((null, null), (there.Error, back.Error));
        Assert.Equal((null, null), (one.Permit(back.Relayed).Error, two.Permit(there.Relayed).Error));
        one.Send(back.Relayed, "a word by two relays"u8);
        Assert.Equal("a word by two relays", Encoding.ASCII.GetString(two.Receive()));

        await CoturnStand.EndAsync(wic);
        await Eventually.TrueAsync(() => !_stand.Near.Database.KeyExists(KeyOf(name)));
        using var late = Client(name, password);
        Assert.Equal(ErrorCode.Unauthenticated, late.Allocate().Error);
        // The limit of this bridge: coturn asked once for this five-tuple, and goes on.
        Assert.Null(one.Refresh(600).Error);
        Assert.DoesNotContain(RedisProgram.Password, _stand.Edge.Errors + string.Join('\n', _stand.Edge.Output), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_began_anew_is_told_all_again_and_one_that_is_down_is_named_to_nobody()
    {
        await using var wic = await _stand.ConnectAsync();
        var (name, password) = await _stand.RegisterAsync(wic, Coturn, CoturnStand.Other);
        _stand.Near.Stop();
        _stand.Near.Start();
        await Eventually.TrueAsync(() => _stand.Near.Database.KeyExists(KeyOf(name)));
        // coturn notices by a question that fails that its own connection broke, and makes another.
        await Eventually.TrueAsync(() =>
        {
            using var client = Client(name, password);
            return client.Allocate().Error is null;
        });

        _stand.Near.Stop();
        await _stand.RegisterAsync(wic, CoturnStand.Other);
        _stand.Far.Stop();
        await _stand.RegisterInVainAsync(wic);
    }

    [Fact]
    public async Task An_edge_that_begins_anew_ends_what_its_life_before_pushed_and_is_heard()
    {
        string before;
        await using (var wic = await _stand.ConnectAsync())
            (before, _) = await _stand.RegisterAsync(wic, Coturn, CoturnStand.Other);
        _stand.BeginEdgeAnew();
        await Eventually.TrueAsync(() => !_stand.Near.Database.KeyExists(KeyOf(before)));
        await using var again = await _stand.ConnectAsync();
        var (name, password) = await _stand.RegisterAsync(again, Coturn, CoturnStand.Other);
        using var client = Client(name, password);
        Assert.Null(client.Allocate().Error);
        Assert.Equal([KeyOf(name)], _stand.Near.Server.Keys(pattern: "turn/*").Select(key => (string?)key));
    }

    RawClient Client(string name, string password) => new(_stand.Coturn, name, password) { IsForeign = true };

    static string KeyOf(string name) => $"turn/realm/{CoturnStand.Realm}/user/{name}/key";
}
