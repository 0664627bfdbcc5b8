using System.Net;
using Portunus.Sip;

namespace Portunus.Tests.Interop.Ims.Core;

/// <summary>The core as it is, with a client that has no rules of its own: what the edge's tests stand on.</summary>
public sealed class RegistrationTests(ImsCoreFixture fixture) : ImsTest(fixture)
{
    // Loopback has many addresses; this one is nobody's.
    static readonly IPAddress Stranger = IPAddress.Parse("127.0.0.3");

    [Fact]
    public async Task A_user_whom_a_trusted_node_vouches_for_is_registered_without_a_challenge()
    {
        var alice = Core.Subscribe("alice");
        using var edge = new MwClient(ImsCore.EdgeAddress);
        var answer = await edge.VouchAsync(alice, Core.IcscfEndPoint);
        Assert.Equal(200, answer.Status);
        Assert.Equal($"sip:orig@{Core.ScscfEndPoint};lr", Assert.Single(answer.ServiceRoutes).Uri.ToString());
        Assert.Equal(
            alice.PublicIdentities, answer.Addresses(HeaderName.PAssociatedUri).Select(address => address.Uri.ToString()));
        Assert.Equal(MwClient.Contact(alice), Assert.Single(answer.Contacts).Uri.ToString());
        Assert.Equal($"sip:{Core.ScscfEndPoint}", Core.Hss.ServerOf(alice.PublicIdentity));
    }

    [Fact]
    public async Task Who_is_no_trusted_node_can_vouch_for_nobody()
    {
        var alice = Core.Subscribe("alice");
        using var stranger = new MwClient(Stranger);
        Assert.Equal(403, (await stranger.VouchAsync(alice, Core.IcscfEndPoint)).Status);
        // Nor past the I-CSCF, and not from the edge's address either.
        Assert.Equal(403, (await stranger.VouchAsync(alice, Core.ScscfEndPoint)).Status);
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(403, (await edge.VouchAsync(alice, Core.ScscfEndPoint)).Status);
        Assert.Null(Core.Hss.ServerOf(alice.PublicIdentity));
    }

    [Fact]
    public async Task A_password_is_asked_for_and_only_the_right_one_is_taken()
    {
        var alice = Core.Subscribe("alice");
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(403, (await edge.RegisterAsync(alice, "wrong", Core.IcscfEndPoint)).Status);
        Assert.Null(Core.Hss.ServerOf(alice.PublicIdentity));
        Assert.Equal(200, (await edge.RegisterAsync(alice, alice.Password, Core.IcscfEndPoint)).Status);
        Assert.NotNull(Core.Hss.ServerOf(alice.PublicIdentity));
    }

    [Fact]
    public async Task Who_is_unknown_or_uses_the_identity_of_another_is_refused_by_the_HSS()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(403, (await edge.VouchAsync(alice with { Name = "nobody" }, Core.IcscfEndPoint)).Status);
        var mixed = edge.Register(alice, 600, MwClient.Digest(bob, null));
        Assert.Equal(403, (await edge.AskAsync(mixed, Core.IcscfEndPoint)).Status);
    }

    [Fact]
    public async Task Who_deregisters_is_no_longer_served()
    {
        var (alice, bob) = (Core.Subscribe("alice"), Core.Subscribe("bob"));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint)).Status);
        var registered = await edge.VouchAsync(bob, Core.IcscfEndPoint);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint, expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(alice.PublicIdentity));

        var call = edge.Call(bob, alice, registered);
        Assert.Equal(480, (await edge.AskAsync(call, Core.ScscfEndPoint)).Status);
    }

    [Fact]
    public async Task The_identities_of_a_pool_share_a_private_identity_and_are_registered_apart()
    {
        var pool = Core.SubscribePool(2);
        using var edge = new MwClient(ImsCore.EdgeAddress);
        using var other = new MwClient(ImsCore.EdgeAddress);
        var registered = await edge.VouchAsync(pool[0], Core.IcscfEndPoint);
        Assert.Equal(pool[0].PublicIdentity, Assert.Single(registered.Addresses(HeaderName.PAssociatedUri)).Uri.ToString());
        Assert.Equal(200, (await other.VouchAsync(pool[1], Core.IcscfEndPoint)).Status);

        Assert.Equal(200, (await edge.VouchAsync(pool[0], Core.IcscfEndPoint, expires: 0)).Status);
        Assert.Null(Core.Hss.ServerOf(pool[0].PublicIdentity));
        Assert.NotNull(Core.Hss.ServerOf(pool[1].PublicIdentity));
        // The other can still be called.
        var alice = Core.Subscribe("alice");
        registered = await edge.VouchAsync(alice, Core.IcscfEndPoint);
        await edge.SendAsync(edge.Call(alice, pool[1], registered), Core.ScscfEndPoint);
        Assert.Equal(MwClient.Contact(pool[1]), (await other.ReceiveAsync("INVITE")).RequestUriText);
    }

    [Fact]
    public async Task A_list_of_allowed_WAFs_in_the_profile_does_not_keep_the_S_CSCF_from_serving()
    {
        var alice = Core.Subscribe("alice", ("waf.example.net", "wwsf.example.net"), ("waf.example.org", null));
        using var edge = new MwClient(ImsCore.EdgeAddress);
        Assert.Equal(200, (await edge.VouchAsync(alice, Core.IcscfEndPoint)).Status);
    }
}
