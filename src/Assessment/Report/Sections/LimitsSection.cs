using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>For what the figures do not hold.</summary>
static class LimitsSection
{
    public static Section Of(AssessmentResult result) => new("limits", "Limits of validity",
        new Bullets(
        [
            "All entities run on one machine and share its processor; a time over sockets is the network's and this machine's. What "
                + "else ran on it is not known.",
            "A lost segment costs the retransmission timeout of RFC 6298, a second at least: the pessimistic end of what real senders "
                + "need (docs/networks.md). Bandwidth is without limit and delay without variation.",
            "The client is the native one. A browser was tried for whether it relays, not for its times; nobody was asked how a call "
                + "feels.",
            "S1 is SIP Digest; AKA is not built. The core is the small built-in one.",
            "The header in which the eP-CSCF returns a credential, and the interfaces of Approach 2, are this project's own: no "
                + "standard names them.",
            "Percentiles are by the nearest rank. With 30 samples the 99th is the largest; take it from virtual time.",
            result.Agreements.IsEmpty
                ? "Virtual time and sockets were not compared in this run."
                : $"{result.Agreements.Count(one => !one.Holds)} of {result.Agreements.Length} medians of virtual time are outside of "
                    + "the tolerance.",
            "Criteria are put between the best and the worst of these solutions: a score says nothing of a solution that is not among "
                + "them.",
        ]));
}
