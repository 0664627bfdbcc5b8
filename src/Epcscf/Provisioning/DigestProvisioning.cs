using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// The baseline, S0: the TURN password is the SIP password. The edge gives nothing, since the user has it already; who has none
/// is told so. For comparison only: a page that holds the SIP password shows it to every script in it, and a TURN server that is
/// broken into has the digests of all subscribers.
/// </summary>
public sealed class DigestProvisioning : IProvisioning
{
    const string NoPassword = "This subscriber has no password that a TURN server could know";

    public Provision Provide(Instant now, CredentialWish wish) =>
        wish.Scenario is Scenario.Digest ? Provision.Nothing : new Provision.Refused(NoPassword);

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => [];
}
