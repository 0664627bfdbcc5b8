using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Stun;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Somebody sets the system's clock: only what names a time of day may notice.</summary>
public class ClockTests
{
    const long Start = 1_800_000_000;

    static readonly SharedSecret North = TurnStand.Secret("north");

    static TurnStand Stand() => new(verifier: TurnStand.Users(North));

    static TurnClient Client(TurnStand stand, long expiry, string address) =>
        TimeLimitedCredential.Mint(North, expiry, "4f9c2d7e1b6a") is var credential
            ? new(stand, address, credential.Username, credential.Password)
            : throw new InvalidOperationException();

    static void SetClock(TurnStand stand, int seconds) =>
        stand.Now = new(stand.Now.MonotonicTicks, stand.Now.WallTicks + TimeSpan.FromSeconds(seconds).Ticks);

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void An_allocation_lives_as_long_as_it_was_given_whatever_the_clock_is_set_to(int by)
    {
        var stand = Stand();
        var client = new TurnClient(stand);
        Assert.Equal(600u, client.Allocate().Lifetime);
        SetClock(stand, by);
        stand.Pass(599);
        Assert.Empty(stand.Closed);
        stand.Pass(1);
        Assert.Single(stand.Closed);
        Assert.Empty(stand.Ledger.Sessions());
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_refresh_and_a_permission_count_from_when_they_came(int by)
    {
        var stand = Stand();
        var client = new TurnClient(stand);
        client.Allocate();
        client.Permit("198.41.0.9:1");
        SetClock(stand, by);
        stand.Pass(299);
        Assert.Equal(ForwardKind.ToPeer, client.SendTo("198.41.0.9:1", "on").Forward.Kind);
        Assert.Equal(1200u, client.Refresh(1200).Lifetime);
        stand.Pass(1);
        Assert.Equal(DropReason.NoPermission, client.SendTo("198.41.0.9:1", "off").Forward.Reason);
        stand.Pass(1198);
        Assert.Empty(stand.Closed);
        stand.Pass(1);
        Assert.Single(stand.Closed);
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_nonce_grows_stale_by_its_age_alone(int by)
    {
        var stand = Stand();
        var client = new TurnClient(stand);
        client.Allocate();
        SetClock(stand, by);
        Assert.Equal(0, client.Refresh(3600).Code);
        stand.Pass(3590);
        Assert.Equal(0, client.Refresh(3600).Code);
        stand.Pass(20);
        Assert.Equal(438, client.Refresh(3600).Code);
    }

    [Fact]
    public void Set_back_an_hour_a_time_limited_credential_is_good_an_hour_longer_and_not_for_ever()
    {
        var stand = Stand();
        SetClock(stand, -3600);
        stand.Pass(3600);
        Assert.Equal(0, Client(stand, Start + 60, "203.0.113.1:1").Allocate().Code);
        stand.Pass(61);
        Assert.Equal(401, Client(stand, Start + 60, "203.0.113.2:1").Allocate().Code);
    }

    [Fact]
    public void Set_forward_an_hour_a_time_limited_credential_is_refused_and_what_lives_on_it_is_refreshed()
    {
        var stand = Stand();
        var client = Client(stand, Start + 60, "203.0.113.1:1");
        client.Allocate();
        SetClock(stand, 3600);
        Assert.Equal(401, Client(stand, Start + 60, "203.0.113.2:1").Allocate().Code);
        for (var i = 0; i < 3; i++)
        {
            stand.Pass(500);
            Assert.Equal(600u, client.Refresh(600).Lifetime);
        }

        Assert.Single(stand.Ledger.Sessions());
        stand.Pass(600);
        Assert.Empty(stand.Ledger.Sessions());
    }

    [Theory]
    [InlineData(-3600)]
    [InlineData(3600)]
    public void A_reserved_port_is_held_its_time(int by)
    {
        var stand = Stand();
        var client = new TurnClient(stand);
        client.Allocate((ref StunWriter writer) => writer.AddEvenPort(true));
        SetClock(stand, by);
        stand.Pass(29);
        Assert.Equal(2, stand.Ledger.PortsHeld);
        stand.Pass(1);
        Assert.True(stand.Ledger.Kept(stand.Now) > 0);
        Assert.Equal(1, stand.Ledger.PortsHeld);
    }
}
