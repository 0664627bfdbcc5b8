using Portunus.Bedrock;
using Portunus.Turn;

namespace Portunus.Tests.Fast.Turn;

/// <summary>Two workers of one server, with one ledger and the same keys; what one has for the other is brought at once, or gets
/// lost.</summary>
sealed class TwoWorkers
{
    public TwoWorkers(TurnSettings settings)
    {
        var ledger = new TurnLedger(settings);
        First = Worker(0);
        Second = Worker(1);
        BringOrders();

        TurnStand Worker(byte number) => new(settings, seed: number + 1u, ledger: ledger, worker: number) { Carry = Carry };
    }

    public TurnStand First { get; }

    public TurnStand Second { get; }

    /// <summary>Orders of one for the other, in order; those that were not lost were obeyed.</summary>
    public List<TurnEffect.Post> Orders { get; } = [];

    /// <summary>How many messages were brought from one to the other.</summary>
    public int Carried { get; private set; }

    public void LoseOrders()
    {
        foreach (var stand in new[] { First, Second }) stand.Bring = _ => { };
    }

    public void BringOrders()
    {
        foreach (var stand in new[] { First, Second })
            stand.Bring = post =>
            {
                Orders.Add(post);
                Of(post.To).Order(post.Order);
            };
    }

    /// <summary>Time passes for both.</summary>
    public void Pass(TimeSpan span)
    {
        First.Pass(span);
        Second.Pass(span);
    }

    TurnReply Carry(TurnReply reply)
    {
        Carried++;
        return Of(reply.Forward.Worker).Carried(reply.Forward.Path, reply.Bytes);
    }

    TurnStand Of(WorkerId worker) => worker == default ? First : Second;
}
