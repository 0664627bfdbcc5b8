namespace Portunus.Assessment.Management;

/// <summary>How many nodes a fleet has.</summary>
/// <param name="Wafs">N.</param>
/// <param name="Turns">M.</param>
/// <param name="Edges">P.</param>
sealed record FleetSize(int Wafs, int Turns, int Edges)
{
    /// <summary>Where the axes meet.</summary>
    /// <param name="most">Of any kind of node.</param>
    public static FleetSize Usual(int most) => new(Math.Min(5, most), Math.Min(5, most), Math.Min(2, most));

    /// <summary>Along each axis, the others staying where they are; the largest last.</summary>
    /// <param name="most">Of any kind of node.</param>
    /// <param name="hasEdges">Whether an eP-CSCF has a part in it.</param>
    public static IReadOnlyList<FleetSize> Of(int most, bool hasEdges)
    {
        var usual = Usual(most);
        IEnumerable<FleetSize> sizes =
        [
            .. Axis(1, 2, 5, 10, 20).Select(number => usual with { Wafs = number }),
            .. Axis(1, 20).Select(number => usual with { Turns = number }),
            .. hasEdges ? Axis(1, 4, 20).Select(number => usual with { Edges = number }) : [],
        ];
        return [.. sizes.Distinct()];

        IEnumerable<int> Axis(params IEnumerable<int> numbers) => numbers.Select(number => Math.Min(number, most)).Distinct();
    }

    /// <summary>What the transfer of credentials allows: 16 TURN servers of an eP-CSCF, and 8 eP-CSCFs that one TURN server
    /// asks.</summary>
    public FleetSize WithinA2 => this with { Turns = Math.Min(Turns, 16), Edges = Math.Min(Edges, 8) };

    public override string ToString() => $"N={Wafs} M={Turns} P={Edges}";
}
