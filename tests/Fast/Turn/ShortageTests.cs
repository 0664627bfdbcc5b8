using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>What new allocations lack: they are refused and counted by what it was, and those that live go on.</summary>
public class ShortageTests
{
    [Fact]
    public void While_memory_is_spared_a_new_allocation_is_508_and_what_lives_is_refreshed_and_relays()
    {
        var stand = new TurnStand();
        var lives = new TurnClient(stand);
        lives.Allocate();
        stand.Order(new TurnOrder.SpareMemory(true));
        var late = new TurnClient(stand, "203.0.113.9:9");
        Assert.Equal(508, late.Allocate().Code);
        Assert.Equal(0, lives.Refresh(600).Code);
        Assert.Equal(0, lives.Permit("198.41.0.9:1").Code);
        Assert.Equal(ForwardKind.ToPeer, lives.SendTo("198.41.0.9:1", "on").Forward.Kind);
        Assert.Equal(1, stand.Server.Counters.Shortages(Shortage.Memory));
        Assert.Equal(1, stand.Ledger.PortsHeld);

        stand.Order(new TurnOrder.SpareMemory(false));
        Assert.Equal(0, late.Allocate().Code);
        Assert.Equal(1, stand.Server.Counters.AllShortages);
    }

    [Fact]
    public void Where_full_means_elsewhere_the_answer_is_300_for_memory_too()
    {
        var alternate = new Alternate(TurnStand.IP("198.41.0.5:3478"));
        var stand = new TurnStand(TurnStand.Ordinary with { Alternates = [alternate], Redirection = Redirection.Full });
        stand.Order(new TurnOrder.SpareMemory(true));
        Assert.Equal(300, new TurnClient(stand).Allocate().Code);
        Assert.Equal(1, stand.Server.Counters.Shortages(Shortage.Memory));
    }

    [Fact]
    public void Each_shortage_is_counted_as_what_it_is()
    {
        Assert.Equal(Shortage.Ports, Lacking(TurnStand.Ordinary with { RelayPorts = new(50000, 50000) }));
        Assert.Equal(Shortage.Relays, Lacking(TurnStand.Ordinary with { MaxAllocations = 1 }));
        Assert.Equal(Shortage.Total, Lacking(TurnStand.Ordinary with { TotalQuota = 1 }));
    }

    [Fact]
    public void Ports_that_other_programs_have_are_a_shortage_of_ports()
    {
        var stand = new TurnStand(TurnStand.Ordinary with { RelayPorts = new(50000, 50001) });
        stand.Outside = _ => new TurnAnswer.RelayTaken();
        Assert.Equal(508, new TurnClient(stand).Allocate().Code);
        Assert.Equal(1, stand.Server.Counters.Shortages(Shortage.Ports));
        Assert.Equal(0, stand.Ledger.PortsHeld);
    }

    static Shortage Lacking(TurnSettings settings)
    {
        var stand = new TurnStand(settings);
        Assert.Equal(0, new TurnClient(stand).Allocate().Code);
        Assert.Equal(508, new TurnClient(stand, "203.0.113.9:9").Allocate().Code);
        return Assert.Single(Enum.GetValues<Shortage>(), shortage => stand.Server.Counters.Shortages(shortage) == 1);
    }
}
