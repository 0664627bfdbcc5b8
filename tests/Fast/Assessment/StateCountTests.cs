using Portunus.Assessment.Complexity;
using Portunus.Assessment.Study;

namespace Portunus.Tests.Fast.Assessment;

public sealed class StateCountTests
{
    [Fact]
    public void A_state_is_a_value_that_changes_or_a_table_that_grows_and_an_enumeration_is_as_many_as_it_has_values() =>
        Assert.Equal(1 + 1 + 3, StateCount.Of(typeof(Machine)));

    [Fact]
    public void Every_machine_that_is_named_is_there()
    {
        foreach (var machinery in Machinery.All) StateCount.Of(machinery.Machines);
        Assert.Throws<InvalidOperationException>(() => StateCount.Of(["Portunus.Turn.NoSuchThing"]));
    }

    [Fact]
    public void Approach_1_changes_nothing_between_two_messages_and_Approach_2_does()
    {
        Assert.Equal(0, Sum(Way.A1));
        Assert.All([Way.A2Push, Way.A2Pull, Way.A2Integrated], way => Assert.InRange(Sum(way), 10, 200));

        static int Sum(Way way) => StateCount.Of(Machinery.All.Single(one => one.Way == way).Machines).Sum(one => one.States);
    }

    enum Light
    {
        Red,
        Yellow,
        Green,
    }

    sealed class Machine(int given)
    {
        readonly int _fixed = 1;
        readonly Dictionary<int, int> _table = [];
        readonly int[] _settings = [1];
        int _count;

        public int Init { get; init; }

        public Light Set { get; set; }

        public int Get() => given + _fixed + _table.Count + _settings.Length + ++_count;
    }
}
