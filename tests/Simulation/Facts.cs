using Portunus.Bedrock;
using Portunus.Simulation;

namespace Portunus.Tests.Simulation;

/// <summary>What the observers at the edges of the machines saw; the laws read it, the machines do not know of it.</summary>
sealed class Facts(World world)
{
    readonly HashSet<string> _broken = [];

    /// <summary>The parts of usernames after the expiry, as the edge put them on W2.</summary>
    public HashSet<string> Minted { get; } = [];

    /// <summary>Who called whom, by the number of the call.</summary>
    public List<(WicHost Caller, WicHost Callee)> Calls { get; } = [];

    public int CallsTried { get; set; }

    /// <summary>Calls of which both sides heard the other, and that a BYE ended.</summary>
    public int CallsCompleted { get; set; }

    /// <summary>Calls that ended at the callee by the caller's BYE.</summary>
    public int ByesHeard { get; set; }

    public int Registrations { get; set; }

    public int Deregistrations { get; set; }

    public int Credentials { get; set; }

    public int CredentialsByOptions { get; set; }

    public int Allocations { get; set; }

    /// <summary>Requests to the TURN server that came to nothing.</summary>
    public int RelaysRefused { get; set; }

    public int DatagramsSent { get; set; }

    public int DatagramsDelivered { get; set; }

    public int MessagesDelivered { get; set; }

    /// <summary>INVITEs to a WIC that has left, and calls to one that is busy.</summary>
    public int KnocksRefused { get; set; }

    public int FlowsLost { get; set; }

    public int Questions { get; set; }

    /// <summary>Questions about access tokens.</summary>
    public int Tokens { get; set; }

    public int Pushes { get; set; }

    public int Withdrawals { get; set; }

    /// <summary>Registrations that the core ended by order, with the edge watching.</summary>
    public int EndedByCore { get; set; }

    /// <summary>Notes that a law did not hold; the world stops at the end of this event.</summary>
    public void Break(string law, string subject, string how)
    {
        _broken.Add(law);
        world.Note(subject, $"BREAKS THE LAW: {how}");
    }

    public bool Holds(string law) => !_broken.Contains(law);
}
