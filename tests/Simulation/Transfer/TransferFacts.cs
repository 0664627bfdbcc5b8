using Portunus.Simulation;

namespace Portunus.Tests.Simulation.Transfer;

/// <summary>What observers outside of both machines saw.</summary>
sealed class TransferFacts(World world)
{
    readonly HashSet<string> _broken = [];

    /// <summary>What a server acknowledged as withdrawn.</summary>
    public HashSet<(int Server, string Username)> Gone { get; } = [];

    public int Pushes { get; set; }

    /// <summary>Pushes that all servers acknowledged in time, that some did, that none did.</summary>
    public int ByAll { get; set; }

    public int BySome { get; set; }

    public int ByNone { get; set; }

    public int Withdrawals { get; set; }

    public int Revocations { get; set; }

    /// <summary>Heard by servers, repeated or not.</summary>
    public int RevocationsHeard { get; set; }

    public int RelaysRevoked { get; set; }

    public int OlderHeard { get; set; }

    public int Repeated { get; set; }

    public int WrongEpochs { get; set; }

    public int RefusedByClock { get; set; }

    public int Sets { get; set; }

    public int Relays { get; set; }

    public int RelaysCut { get; set; }

    public int TurnRestarts { get; set; }

    public int EdgeRestarts { get; set; }

    public void Break(string law, string subject, string how)
    {
        _broken.Add(law);
        world.Note(subject, $"BREAKS THE LAW: {how}");
    }

    public bool Holds(string law) => !_broken.Contains(law);
}
