using Portunus.Bedrock;
using Portunus.Nodes.Relay;
using Portunus.Turn;

namespace Portunus.Tests.Io.Relay;

/// <summary>What workers bring each other is bounded, for each of them.</summary>
public class CarriageTests
{
    static readonly WorkerId One = new(1);
    static readonly WorkerId Two = new(2);
    static readonly TurnOrder Order = new TurnOrder.Drain(true);

    readonly Carriage _carriage;
    List<Carried> _brought = [];
    int _wakes;

    public CarriageTests() => _carriage = new(() => _wakes++);

    [Fact]
    public void What_is_brought_comes_out_once_in_its_order_with_a_copy_of_its_bytes_and_one_wake()
    {
        Assert.False(_carriage.TryTake(ref _brought));
        byte[] bytes = [1, 2, 3];
        Assert.True(_carriage.TryBring(One, Order));
        Assert.True(Bring(One, bytes));
        bytes[0] = 9;
        Assert.Equal(1, _wakes);
        Assert.True(_carriage.TryTake(ref _brought));
        Assert.Equal([CarriedKind.Order, CarriedKind.FromClient], _brought.Select(one => one.Kind));
        Assert.Same(Order, _brought[0].Order);
        Assert.Equal([1, 2, 3], _brought[1].Message.ToArray());
        Clear();
        Assert.False(_carriage.TryTake(ref _brought));
        Bring(One, bytes);
        Assert.Equal(2, _wakes);
    }

    [Fact]
    public void One_that_has_brought_all_that_it_may_takes_no_room_from_another_nor_from_its_own_orders()
    {
        for (var i = 0; i < Carriage.MostMessages; i++) Assert.True(Bring(One, [1]));
        Assert.False(Bring(One, [1]));
        Assert.True(Bring(Two, [1]));
        var orders = 0;
        while (_carriage.TryBring(One, Order)) orders++;
        Assert.InRange(orders, 1, Carriage.MostMessages);
        _carriage.TryTake(ref _brought);
        Assert.Equal(Carriage.MostMessages + 1 + orders, _brought.Count);
        Clear();
        Assert.True(Bring(One, [1]));
    }

    [Fact]
    public void So_are_their_bytes()
    {
        const int length = 60_000;
        for (var i = 0; i < Carriage.MostBytes / length; i++) Assert.True(Bring(One, new byte[length]));
        Assert.False(Bring(One, new byte[length]));
        Assert.True(Bring(Two, new byte[length]));

    }

    [Fact]
    public void Who_has_ended_is_brought_nothing_and_woken_no_more()
    {
        Bring(One, [1]);
        _carriage.Close();
        Assert.True(Bring(One, [1]));
        Assert.True(_carriage.TryBring(One, Order));
        Assert.Equal(1, _wakes);
        _carriage.TryTake(ref _brought);
        Assert.Empty(_brought);
    }

    bool Bring(WorkerId from, byte[] bytes) => _carriage.TryBring(from, CarriedKind.FromClient, default(ClientPath), bytes);

    void Clear()
    {
        foreach (var one in _brought) one.Dispose();
        _brought.Clear();
    }
}
