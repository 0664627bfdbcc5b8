namespace Portunus.Tests.Simulation.Transfer;

/// <summary>A defect put in on purpose, to see that a law catches it.</summary>
enum TransferPlant
{
    None,

    /// <summary>The edge names all servers to the WIC, whoever has answered.</summary>
    NamesAll,

    /// <summary>A server takes what it was told to forget.</summary>
    ForgetsWithdrawals,

    /// <summary>A server takes what comes last for what is newest.</summary>
    LastComesFirst,

    /// <summary>A server does not look for which epoch a statement was meant.</summary>
    IgnoresEpoch,

    /// <summary>A server leaves one out of every set.</summary>
    LosesOneOfASet,

    /// <summary>A server does not end what runs on what it forgot.</summary>
    LetsRelaysRun,

    /// <summary>The edge says a withdrawal once.</summary>
    WithdrawsOnce,

    /// <summary>The edge says a revocation once.</summary>
    RevokesOnce,

    /// <summary>A server ends what runs on what is revoked, and lets it begin anew.</summary>
    DeniesNothing,

    /// <summary>A server denies what is revoked, and lets run what runs on it.</summary>
    LetsRevokedRun,

    /// <summary>The edge hears of the end of a registration five seconds late.</summary>
    RevokesLate,

    /// <summary>A server has one epoch until it begins anew, whatever sets it hears.</summary>
    KeepsItsEpoch,
}
