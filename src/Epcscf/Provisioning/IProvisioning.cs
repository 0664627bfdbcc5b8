using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>One way of providing TURN credentials; chosen once, where a node is composed.</summary>
public interface IProvisioning
{
    /// <summary>
    /// A credential for a registration that asked for one; null when this way cannot give what was asked: the answer then
    /// goes out without the header.
    /// </summary>
    /// <param name="now">The wall clock dates the credential.</param>
    /// <param name="request">What the WIC asked for.</param>
    /// <param name="opaque">12 to 32 characters of [0-9a-z.]: random per registration, constant over its refreshes.</param>
    /// <param name="registrationExpires">When the registration ends if it is not refreshed.</param>
    TurnCredential? Provide(Instant now, TurnCredentialRequest request, string opaque, Instant registrationExpires);
}
