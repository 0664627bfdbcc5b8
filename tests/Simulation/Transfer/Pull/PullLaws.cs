namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>What must be true of edges that keep credentials and TURN servers that ask for them, after every event.</summary>
static class PullLaws
{
    public const string KnownIsServed = "who is known is served at once, and nobody is asked";

    public const string NeverAgain =
        "what was fetched, and withdrawn, is never good again after the withdrawal was acknowledged, and nothing runs on it";

    public const string QuestionsAreBounded =
        "nobody is asked for a name that all disclaimed, or for a source of 32 names in vain, within five seconds, or twice for a client";

    public const string InOneQuestion = "fifteen seconds after the last trouble a live credential allocates within one question";
}
