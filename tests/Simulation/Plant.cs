namespace Portunus.Tests.Simulation;

/// <summary>A defect put into the system on purpose, to see that a law catches it.</summary>
enum Plant
{
    None,

    /// <summary>The edge hands a credential out in a 401.</summary>
    CredentialInRefusal,

    /// <summary>The edge passes a credential request on to the core.</summary>
    CredentialOnMw,

    /// <summary>The edge passes a token on to the core.</summary>
    TokenOnMw,

    /// <summary>The edge forgets to withdraw what it has pushed.</summary>
    NoWithdrawal,

    /// <summary>The edge forgets to assert who calls.</summary>
    WrongIdentity,

    /// <summary>The edge passes a digest answer on to the callee.</summary>
    AuthorizationToCallee,

    /// <summary>The edge repeats an INVITE to a WIC that has deregistered.</summary>
    InviteAfterDeregistration,

    /// <summary>The relay host leaves a relay socket open that was to be closed.</summary>
    SocketLeak,

    /// <summary>Two relays are opened on one port.</summary>
    SharedPort,

    /// <summary>A client's datagrams go now to this worker, now to that.</summary>
    RandomSteering,

    /// <summary>A worker stops doing what is due, and hears no Refresh any more.</summary>
    PortLeak,

    /// <summary>The relay host sends data to another client.</summary>
    WrongClient,

    /// <summary>The relay host changes a byte on the way.</summary>
    Corruption,

    /// <summary>The TURN server knows a user that the edge never made.</summary>
    UnmintedUser,

    /// <summary>The TURN server's quota is above what was agreed.</summary>
    NoQuota,

    /// <summary>The edge does not hear what the core tells of its registrations.</summary>
    DeafEdge,

    /// <summary>A run that asks also acts.</summary>
    AskAndAct,

    /// <summary>A machine wants to be woken in the past.</summary>
    BusyLoop,
}
