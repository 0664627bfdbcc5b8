using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer.Pull;

/// <summary>What observers outside of all machines saw.</summary>
sealed class PullFacts(World world)
{
    readonly HashSet<string> _broken = [];

    /// <summary>What a server acknowledged as withdrawn.</summary>
    public HashSet<(int Server, string Username)> Gone { get; } = [];

    public int Kept { get; set; }

    public int Withdrawals { get; set; }

    public int Calls { get; set; }

    public int Served { get; set; }

    /// <summary>At once, from the table.</summary>
    public int Known { get; set; }

    public int Questions { get; set; }

    public int Found { get; set; }

    public int Disclaimed { get; set; }

    public int Unavailable { get; set; }

    /// <summary>By the silence of an edge until the deadline.</summary>
    public int Silent { get; set; }

    /// <summary>Told, and refused for a withdrawal that came before.</summary>
    public int Overtaken { get; set; }

    public int WrongEpochs { get; set; }

    /// <summary>An edge's whole set was on its way.</summary>
    public int AskedAgain { get; set; }

    public int RelaysCut { get; set; }

    public int Restarts { get; set; }

    public void Break(string law, string subject, string how)
    {
        _broken.Add(law);
        world.Note(subject, $"BREAKS THE LAW: {how}");
    }

    public bool Holds(string law) => !_broken.Contains(law);
}
