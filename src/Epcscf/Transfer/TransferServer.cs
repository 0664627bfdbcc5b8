using Portunus.Bedrock;

namespace Portunus.Epcscf;

/// <summary>One TURN server as the edge sees it.</summary>
sealed class TransferServer(int number, string name)
{
    public int Number { get; } = number;

    public int Bit { get; } = 1 << number;

    public string Name { get; } = name;

    /// <summary>As it last said, or as the last set has opened it; null when it never did, or is known to be in another.</summary>
    public ulong? Epoch { get; set; }

    /// <summary>Whether it answered the last poll.</summary>
    public bool IsReachable { get; set; }

    /// <summary>When it last answered anything.</summary>
    public Instant HeardAt { get; set; }

    /// <summary>Whether it has answered nothing since a poll whose deadline is over. What is said to it may still arrive, but nobody waits
    /// for that.</summary>
    public bool IsSilent { get; set; }

    /// <summary>Whether it was told the whole set in this epoch.</summary>
    public bool IsInStep { get; set; }

    public bool IsPolled { get; set; }

    public bool IsSynchronising { get; set; }

    public bool IsFull { get; set; }

    /// <summary>Whether a refusal was reported since it was last reachable.</summary>
    public bool HasRefused { get; set; }

    /// <summary>Statements sent and not answered, before their deadline.</summary>
    public int UnderWay { get; set; }

    /// <summary>Statements whose answer is late.</summary>
    public int Late { get; set; }

    public Queue<Statement> Waiting { get; } = new();

    public List<Statement> Later { get; } = [];

    /// <summary>Whether a statement would be sent now: what is said before the set, the set would end.</summary>
    public bool IsOpen => IsReachable && IsInStep;

    /// <summary>Whether a push waits for it.</summary>
    public bool IsWaitedFor => IsOpen && !IsSilent;
}
