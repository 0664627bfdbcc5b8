namespace Portunus.Tests.Simulation.Transfer;

/// <summary>What must be true of an edge and its TURN servers after every event.</summary>
static class TransferLaws
{
    public const string AcknowledgedIsKnown = "a server that is named to a WIC knows the credential, unless it began anew since";

    public const string NeverAgain = "what was withdrawn, and acknowledged as such, is never good again";

    public const string NewerHolds = "an older statement never takes the place of a newer one";

    public const string NoRelayWithout = "no relay outlives its credential";

    public const string DeniedIsDenied = "what a server acknowledged as revoked it does not accept, until it begins anew";

    public const string NoRelayOfRevoked = "nothing runs on what was revoked there";

    public const string RevokedInTime = "two seconds after the end of a registration no server accepts it, unless there is trouble";

    public const string RevokedAtLast = "fifteen seconds after the last trouble no server accepts a registration that ended";

    public const string InStep = "fifteen seconds after the last trouble every server knows exactly the edge's set";
}
