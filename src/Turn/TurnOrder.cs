namespace Portunus.Turn;

/// <summary>What the node tells every worker to do.</summary>
public abstract record TurnOrder
{
    TurnOrder()
    {
    }
}
