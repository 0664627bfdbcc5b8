using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Nodes.Serve;

/// <summary>An edge that hands out no TURN credentials.</summary>
public sealed class NoProvisioning : IProvisioning
{
    public TurnCredential? Provide(Instant now, TurnCredentialRequest request, string opaque, Instant registrationExpires) => null;
}
