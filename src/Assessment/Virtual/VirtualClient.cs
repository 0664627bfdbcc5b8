using Portunus.Simulation;

namespace Portunus.Assessment.Virtual;

/// <summary>One client of a cell.</summary>
/// <param name="Which">Of the clients that were measured the one that it has its service times from.</param>
/// <param name="Service">What programs take.</param>
/// <param name="LossSeed">Decides what is lost from its lead-in on.</param>
readonly record struct VirtualClient(int Which, ServiceTimes Service, ulong LossSeed)
{
    /// <summary>Whether one of its first chances of a loss comes true.</summary>
    public bool LosesWithin(long draws, double loss)
    {
        var random = new SeededRandom(LossSeed);
        for (; draws > 0; draws--)
            if (random.Chance(loss)) return true;
        return false;
    }
}
