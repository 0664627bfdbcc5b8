using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>
/// One way of providing TURN credentials; chosen once, where a node is composed. One object serves one shard and is called on its
/// thread alone.
/// </summary>
public interface IProvisioning
{
    /// <summary>A credential, a question that comes first, or neither.</summary>
    /// <param name="now">The wall clock dates the credential.</param>
    /// <param name="wish">Whose, and what for.</param>
    Provision Provide(Instant now, CredentialWish wish);

    /// <summary>What to tell the TURN servers when the registration ends; nothing where they keep nothing of it.</summary>
    /// <param name="opaque">Of a registration for which <see cref="Provide"/> asked.</param>
    IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque);

    /// <summary>What else to tell them, of credentials that were given without asking; nothing where there is no revocation
    /// feed.</summary>
    /// <param name="now">The registration's end.</param>
    /// <param name="opaque">Of the registration.</param>
    /// <param name="until">When the last of its credentials counts no more.</param>
    IReadOnlyList<EdgeEffect.Revoke> Revoke(Instant now, string opaque, Instant until) => [];
}
