using Portunus.Sip;

namespace Portunus.HomeCore;

/// <summary>A request with what is known for it so far: run, and after each answer run again from its first check.</summary>
/// <param name="context">Its transaction; stands below the run and is not repeated.</param>
/// <param name="request">As it came; a run that acts edits a copy.</param>
sealed class Kept(ResponseContext<Mw, Note> context, SipMessage request)
{
    readonly Dictionary<FindSubscriber, Subscriber?> _known = [];

    public ResponseContext<Mw, Note> Context { get; } = context;

    public SipMessage Request { get; } = request;

    /// <summary>What it waits for.</summary>
    public FindSubscriber? Asked { get; set; }

    /// <summary>The HSS said nothing in time.</summary>
    public bool IsSilent { get; set; }

    public void Put(Subscriber? answer) => _known[Asked!] = answer;

    public bool TryGet(FindSubscriber question, out Subscriber? answer) => _known.TryGetValue(question, out answer);
}
