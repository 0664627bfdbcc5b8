namespace Portunus.Tests.Simulation.Transfer;

/// <summary>The rows of the failure table in docs/approach2.md.</summary>
enum Trouble
{
    Calm,
    PushesLost,
    PushesLate,
    PushesDoubled,
    PushesReordered,
    OneOfThreeDown,
    EdgeRestarts,
    TurnRestarts,
    WithdrawalsLost,
    WithdrawalsOvertake,
    ClocksDiffer,

    /// <summary>All of them at once.</summary>
    Everything,
}
