namespace Portunus.Epcscf;

/// <summary>What an operator, or a WAF, wants of an edge while it runs.</summary>
public abstract record EdgeOrder
{
    EdgeOrder()
    {
    }

    /// <summary>End this registration: here, in the core, and at the TURN servers.</summary>
    /// <param name="Id">Its opaque id.</param>
    public sealed record End(string Id) : EdgeOrder;

    /// <summary>A WAF gives notice that a token is no more: what was registered with it ends.</summary>
    /// <param name="Issuer">The claim <c>iss</c>.</param>
    /// <param name="TokenId">The claim <c>jti</c>.</param>
    public sealed record Revoke(string Issuer, string TokenId) : EdgeOrder;

    /// <summary>Provide credentials in another way from now on: other servers, other secrets.</summary>
    /// <param name="Change">Makes the new way of the old, which may have something to hand on.</param>
    public sealed record Provide(Func<IProvisioning, IProvisioning> Change) : EdgeOrder;
}
