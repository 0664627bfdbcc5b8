using Microsoft.Extensions.Logging;
using Portunus.Epcscf;

namespace Portunus.Nodes.Serve;

public sealed partial class ServedSystem
{
    /// <summary>
    /// Takes over what can change while it runs: certificates; whom the TURN server knows; the servers and secrets of the edge's
    /// credentials. No allocation and no registration ends by it. All else waits for the next start.
    /// </summary>
    /// <param name="settings">As they are now, free of mistakes.</param>
    public async Task RefreshAsync(ServeSettings settings)
    {
        RefreshCertificates();
        // What the workers challenge with was given to them at start.
        if (_turn is not null && settings.Turn is { } turn && turn.Node.Rules.Realm == _turnRole!.Node.Rules.Realm)
            await UseAsync(turn, null);
        if (_edge is not null && settings.Epcscf is { } edge)
            await _edge.OrderAsync(new EdgeOrder.Provide(old => Renewed(old, edge.Provisioning())));
        ServeLog.Refreshed(_logs.CreateLogger("Portunus.Serve"));
    }

    /// <summary>Reads certificates again, if their files have changed.</summary>
    public void RefreshCertificates()
    {
        foreach (var certificate in _certificates) certificate.Refresh(_webLog);
    }

    /// <summary>
    /// A way that seals tokens counts its nonces: made anew it would begin at the first again, under the same key, and AES-GCM
    /// with one nonce twice is broken. One that pushes has the key of its passwords. Both come and go with the process.
    /// </summary>
    static IProvisioning Renewed(IProvisioning old, IProvisioning made) => HasMemory(old) || HasMemory(made) ? old : made;

    static bool HasMemory(IProvisioning way) =>
        way is OAuthProvisioning or CombinedProvisioning or PushProvisioning or PullProvisioning
        || (way is RevocableProvisioning { Way: var inner } && HasMemory(inner));
}
