using Microsoft.Extensions.Logging.Abstractions;
using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>A node with two realms over real sockets: each client by its origin, all on the same listener and workers.</summary>
public sealed class RealmTests : IDisposable
{
    const string Home = "example.org";
    const string Tenant = "tenant.example.net";
    const string TenantOrigin = "https://app.example.net";

    static readonly CredentialSources Sources = new()
    {
        Realm = Home,
        Users = [new("alice", "wonderland")],
        Further = [new() { Realm = Tenant, Origins = [TenantOrigin], Users = [new("alice", "looking-glass"), new("carol", "singer")] }],
    };

    readonly TurnNode _node = TurnNode.Start(
        new()
        {
            Listen = [TransportAddress.IPv4(0x7F000001, 0)],
            Workers = OperatingSystem.IsLinux() ? 2 : 1,
            Rules = new()
            {
                Realm = Home,
                Relays = [new(TransportAddress.IPv4(0x7F000001, 0))],
                AllowPeers = [AddressRange.Parse("127.0.0.0/8")],
            },
        },
        new CredentialVerifier(Sources),
        NullLogger.Instance);

    public void Dispose() => _node.Dispose();

    [Fact]
    public void Clients_of_two_realms_relay_to_each_other_and_what_each_had_is_told_by_realm()
    {
        using RawClient home = Client("alice", "wonderland"), tenant = Client("alice", "looking-glass", TenantOrigin);
        var (here, there) = (home.Allocate().Relayed, tenant.Allocate().Relayed);
        Assert.Null(home.BindChannel(0x4000, there).Error);
        Assert.Null(tenant.BindChannel(0x4000, here).Error);
        home.SendOnChannel(0x4000, "over"u8);
        Assert.Equal("over"u8, tenant.Receive());
        Assert.Equal([Home, Tenant], _node.Sessions().Select(session => session.Realm).Order());
        Assert.Equal(
            [(Home, 1, 0, 4, 0), (Tenant, 1, 0, 0, 4)],
            _node.Realms().Select(one => (one.Realm, one.Began, one.Ended, one.Traffic.ToPeerBytes, one.Traffic.ToClientBytes)));
        Assert.Null(tenant.Refresh(0).Error);
        Assert.Equal((Tenant, 1L, 1L), _node.Realms().Select(one => (one.Realm, one.Began, one.Ended)).Last());
    }

    [Fact]
    public void A_user_of_one_realm_who_comes_without_its_origin_or_with_anothers_is_refused()
    {
        using RawClient lost = Client("carol", "singer"), wrong = Client("alice", "wonderland", TenantOrigin);
        using var right = Client("carol", "singer", TenantOrigin);
        Assert.Equal(ErrorCode.Unauthenticated, lost.Allocate().Error);
        Assert.Equal(ErrorCode.Unauthenticated, wrong.Allocate().Error);
        Assert.Null(right.Allocate().Error);
    }

    [Fact]
    public async Task A_realm_that_comes_and_goes_does_so_on_every_worker_and_the_others_notice_nothing()
    {
        using var stays = Client("alice", "wonderland");
        Assert.Null(stays.Allocate().Error);
        var late = new CredentialSources { Realm = "late.example.com", Origins = ["https://late.example.com"], Users = [new("dora", "d")] };
        await _node.UseAsync(new CredentialVerifier(Sources with { Further = [.. Sources.Further, late] }));
        RawClient[] many = [.. Enumerable.Range(0, 8).Select(_ => Client("dora", "d", "https://late.example.com"))];
        try
        {
            Assert.All(many, client => Assert.Null(client.Allocate().Error));
            await _node.UseAsync(new CredentialVerifier(Sources));
            // RFC 8489 §9.2.4: the realm is none any more, so its clients are challenged with another.
            Assert.All(many, client => Assert.Equal(ErrorCode.Unauthenticated, client.Refresh(600).Error));
        }
        finally
        {
            foreach (var client in many) client.Dispose();
        }

        Assert.Null(stays.Refresh(600).Error);
    }

    RawClient Client(string user, string password, string? origin = null) =>
        new(_node.Listeners[0], user, password) { Origin = origin };
}
