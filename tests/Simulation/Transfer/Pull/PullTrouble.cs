namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>The rows of the failure table of pull in docs/approach2.md.</summary>
enum PullTrouble
{
    Calm,
    AnswersLost,
    AnswersLate,
    AnswersOvertaken,
    EdgeDown,
    TurnRestarts,
    EdgeRestarts,
    TwoEdges,

    /// <summary>All of them at once.</summary>
    Everything,
}
