using Portunus.Bedrock;
using Portunus.Credentials;

namespace Portunus.Epcscf;

/// <summary>
/// Two ways on one edge (TR 33.872 clause 6, combined solution): a token for a client that knows RFC 7635, a password for a
/// browser. The order in which a client names the types is its preference.
/// </summary>
/// <param name="tokens">Serves <c>oauth</c>.</param>
/// <param name="passwords">Serves <c>password</c>.</param>
public sealed class CombinedProvisioning(IProvisioning tokens, IProvisioning passwords) : IProvisioning
{
    public Provision Provide(Instant now, CredentialWish wish)
    {
        Provision best = Provision.Nothing;
        foreach (var type in wish.Request.Types)
        {
            var way = type is TurnCredential.OAuth ? tokens : type is TurnCredential.Password ? passwords : null;
            // A way that has not what the client likes best leaves it what it likes next.
            var said = way?.Provide(now, wish) ?? Provision.Nothing;
            if (said is Provision.Given or Provision.Asked) return said;
            if (said is Provision.Refused) best = said;
        }

        return best;
    }

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) =>
        [.. tokens.Withdraw(opaque), .. passwords.Withdraw(opaque)];
}
