using Portunus.Credentials;

namespace Portunus.Turn;

/// <summary>What the node tells every worker to do.</summary>
public abstract record TurnOrder
{
    TurnOrder()
    {
    }

    /// <summary>Make nonces under a new key from now on; those under the key before it stay good for their lifetime.</summary>
    public sealed record UseNonceKeys(NonceKeys Keys) : TurnOrder;
}
