namespace Portunus.Tests.Simulation.Transfer;

/// <summary>What must be true of an edge and its TURN servers after every event.</summary>
static class TransferLaws
{
    public const string AcknowledgedIsKnown = "a server that is named to a WIC knows the credential, unless it began anew since";

    public const string NeverAgain = "what was withdrawn, and acknowledged as such, is never good again";

    public const string NewerHolds = "an older statement never takes the place of a newer one";

    public const string NoRelayWithout = "no relay outlives its credential";

    public const string InStep = "fifteen seconds after the last trouble every server knows exactly the edge's set";
}
