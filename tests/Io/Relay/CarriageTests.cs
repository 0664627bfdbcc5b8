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

    static readonly byte[] Media = [0x40, 0, 0, 1, 0];
    static readonly byte[] Data = [0, 0x17, 0, 0];
    static readonly byte[] Request = [0, 4, 0, 0];
    static readonly byte[] Success = [1, 4, 0, 0];

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
    public void One_that_has_brought_all_that_it_may_takes_no_room_from_another_nor_from_what_is_not_sent_again()
    {
        for (var i = 0; i < Carriage.MostMedia; i++) Assert.True(Bring(One, Media));
        Assert.False(Bring(One, Media));
        Assert.True(Bring(Two, Media));
        var others = 0;
        while (_carriage.TryBring(One, Order) && Bring(One, Request) && Bring(One, Success) && !Bring(One, Data)) others++;
        Assert.InRange(others, 10, Carriage.MostMedia);
        Assert.False(Bring(One, Success));
        _carriage.TryTake(ref _brought);
        Assert.InRange(_brought.Count, Carriage.MostMedia + 1 + (3 * others), Carriage.MostMedia + 3 + (3 * others));
        Clear();
        Assert.True(Bring(One, Media));
    }

    [Fact]
    public void So_are_their_bytes()
    {
        const int length = 60_000;
        for (var i = 0; i < Carriage.MostBytes / length; i++) Assert.True(Bring(One, [.. Media, .. new byte[length - Media.Length]]));
        Assert.False(Bring(One, [.. Media, .. new byte[length - Media.Length]]));
        Assert.True(Bring(Two, [.. Media, .. new byte[length - Media.Length]]));

    }

    [Fact]
    public void Who_has_ended_is_brought_nothing_and_woken_no_more()
    {
        Bring(One, Media);
        _carriage.Close();
        Assert.True(Bring(One, Media));
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
