using Portunus.Bedrock;
using Portunus.Epcscf;

namespace Portunus.Nodes.Serve;

/// <summary>An edge that hands out no TURN credentials.</summary>
public sealed class NoProvisioning : IProvisioning
{
    public Provision Provide(Instant now, CredentialWish wish) => Provision.Nothing;

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => [];
}
