using System.Diagnostics.CodeAnalysis;
using Portunus.Bedrock;
using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>
/// A small home core as one machine: registrar and proxy, standing for I-CSCF and S-CSCF; asks the outside for what the HSS
/// knows. Its only neighbour is the edge.
/// </summary>
/// <remarks>After each call take the effects until there are none, and call <see cref="OnDeadline"/> at <see cref="NextDeadline"/>.</remarks>
public sealed partial class Cscf
{
    readonly Queue<CscfEffect> _effects = new();

    /// <exception cref="ArgumentException">The settings cannot work.</exception>
    public Cscf(CscfSettings settings, IRandom random)
    {
    }

    /// <summary>When <see cref="OnDeadline"/> wants to be called; null when nothing is due.</summary>
    public Instant? NextDeadline => null;

    /// <summary>The edge, a trusted neighbour, sent this.</summary>
    public void OnEdge(Instant now, SipMessage message)
    {
    }

    /// <summary>The HSS answered: the subscriber, or null when nobody has this identity. Late answers are ignored.</summary>
    public void OnAnswer(Instant now, AskId ask, Subscriber? answer)
    {
    }

    /// <summary>Time has come to <see cref="NextDeadline"/>, or beyond.</summary>
    public void OnDeadline(Instant now)
    {
    }

    /// <summary>Takes the next effect, in the order they were decided.</summary>
    public bool TryTake([NotNullWhen(true)] out CscfEffect? effect) => _effects.TryDequeue(out effect);
}
