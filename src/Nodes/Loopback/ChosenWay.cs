using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Epcscf;

namespace Portunus.Nodes.Loopback;

/// <summary>
/// Every way of provisioning beside the others: each window says by the parameter <c>way</c> of its request which one it wants
/// to see. A network has one way, chosen by its operator; edges there ignore the parameter.
/// </summary>
/// <param name="ways">By name; the first is meant where none is said. One that is not here gives nothing.</param>
sealed class ChosenWay(params (string Name, IProvisioning Way)[] ways) : IProvisioning
{
    public const string Parameter = "way";

    public Provision Provide(Instant now, CredentialWish wish)
    {
        string? name = null;
        foreach (var extension in wish.Request.Extensions)
            if (extension.Name.Equals(Parameter, StringComparison.OrdinalIgnoreCase)) name ??= extension.Value;
        foreach (var (known, way) in ways)
            if (name is null || name == known) return way.Provide(now, wish);
        return Provision.Nothing;
    }

    /// <summary>A window may have changed its mind: what any way has told anybody is taken back.</summary>
    public IReadOnlyList<EdgeEffect.Withdraw> Withdraw(string opaque) =>
        [.. ways.SelectMany(one => one.Way.Withdraw(opaque))];
}
