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
    /// <param name="waits">Names of settings that differ from those it runs by and wait for the next start, for the log.</param>
    /// <exception cref="RefusedException">A setting makes no sense; what stands before it is taken over.</exception>
    public async Task RefreshAsync(ServeSettings settings, IReadOnlyCollection<string>? waits = null)
    {
        RefreshFiles();
        // What the workers challenge with was given to them at start.
        if (_turn is not null && settings.Turn is { } turn && turn.Node.Rules.Realm == _turnRole!.Node.Rules.Realm)
            await UseAsync(turn, null);
        // Other rules for peers only after other users: who may come is judged before where to.
        if (_turn is not null && settings.Turn is { } relays) await _turn.ApplyAsync(relays.Node.Rules);
        if (_agw is not null && settings.Agw is { } agw) await _agw.Turn.ApplyAsync(agw.Turn.Rules);
        if (settings.Turn?.Node is { } node) _turn?.Use(node.Streams, node.ProxyProtocolFrom);
        if (settings.Agw?.Turn is { } gateway) _agw?.Turn.Use(gateway.Streams, gateway.ProxyProtocolFrom);
        if (_edge is not null && settings.Epcscf is { } edge)
            await _edge.OrderAsync(new EdgeOrder.Provide(old => Renewed(old, edge.Provisioning())));
        var log = _logs.CreateLogger("Portunus.Serve");
        ServeLog.Refreshed(log);
        if (waits is { Count: > 0 }) ServeLog.Waits(log, string.Join(", ", waits));
    }

    /// <summary>Reads certificates again, if their files have changed, and goes on in new files of the audit, where the old were
    /// renamed.</summary>
    public void RefreshFiles()
    {
        foreach (var certificate in _certificates) certificate.Refresh(_webLog);
        foreach (var turn in TurnNodes) turn.RefreshFiles();
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
