using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.Epcscf;

/// <summary>
/// The eP-CSCF of TS 24.371 as one machine: SIP over WebSocket on one side (W2), the core on the other (Mw). Every address of
/// record has one shard; a shard changes only by the calls below, on one thread at a time.
/// </summary>
/// <remarks>After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.</remarks>
public sealed partial class Edge
{
    readonly Queue<EdgeEffect> _effects = new();

    /// <param name="self">Its number stands in every token, branch and tag that this machine makes.</param>
    /// <param name="settings">Validated here.</param>
    /// <param name="provisioning">How a TURN credential is provided.</param>
    /// <param name="random">For tokens, branches and the opaque part of usernames.</param>
    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public Edge(ShardId self, EdgeSettings settings, IProvisioning provisioning, IRandom random)
    {
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => null;

    /// <summary>A WIC sent this. Its first REGISTER makes the flow known here; what comes before is answered 403.</summary>
    public void OnW2(Instant now, FlowId flow, SipMessage message)
    {
    }

    /// <summary>A trusted neighbour in the core sent this.</summary>
    public void OnCore(Instant now, CorePath path, SipMessage message)
    {
    }

    /// <summary>The WebSocket is gone; nothing comes from this flow after it.</summary>
    public void OnFlowClosed(Instant now, FlowId flow)
    {
    }

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out EdgeEffect? effect) => _effects.TryDequeue(out effect);
}
