using Portunus.Bedrock;
using Portunus.Epcscf;

namespace Portunus.Nodes.Loopback;

/// <summary>
/// A way whose usernames end with a word of its own: a window that has tried several ways has a credential of each, and no way tells,
/// renews or withdraws another's.
/// </summary>
/// <param name="way">Names its credentials after the registration.</param>
/// <param name="word">Of characters that a username may have (<see cref="Credentials.PushedName"/>).</param>
sealed class NamedApart(IProvisioning way, string word) : IProvisioning
{
    public Provision Provide(Instant now, CredentialWish wish) => way.Provide(now, wish with { Opaque = wish.Opaque + word });

    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) => way.Withdraw(opaque + word);
}
