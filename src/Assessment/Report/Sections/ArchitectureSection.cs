using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Report.Plots;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>What each solution adds to the network and to its protocols.</summary>
static class ArchitectureSection
{
    public static Section Of(AssessmentResult result) => new("architecture", "Architecture and protocols",
    [
        .. result.Architecture.IsEmpty
            ? [new Warning("Not observed.", ["The run has no architecture of any solution."])]
            : new Block[]
            {
                new Drawing(
                    "Functions and interfaces of each solution, as they carried messages in the run. What a network without a solution "
                    + "has not is thick and dashed, and says \"new\".",
                    [.. result.Architecture.Select(one => NetworkPanel.Draw(Words.Of(one), one))]),
                new Table(
                    "Counted from the connections of the run", ["solution", "functions", "interfaces", "new interfaces", "new on the wire"],
                    [.. result.Architecture.Select(Row)]),
                new Fold("Every pair of entities and protocol, with its messages", Pairs(result)),
            },
        .. Data.Figures(result, FigureName.Protocol).Any()
            ? [new Fold("Headers, methods and attributes that are new, and the clients that were tried",
                Data.Raw("Protocol", Data.Figures(result, FigureName.Protocol)))]
            : Array.Empty<Block>(),
    ]);

    static IReadOnlyList<Cell> Row(ArchitectureResult one)
    {
        var news = one.Interfaces.Where(link => link.IsNew).ToArray();
        return
        [
            Words.Of(one), $"{one.Functions.Count}: {string.Join(", ", one.Functions)}", $"{one.Interfaces.Count}",
            new([$"{news.Length}", .. news.Select(link => $"{link.From} to {link.To} by {link.Protocol} ({link.Purpose})")]),
            one.NewOnTheWire.Count == 0 ? "none" : string.Join(", ", one.NewOnTheWire),
        ];
    }

    static Table Pairs(AssessmentResult result) => new(
        "Interfaces", ["solution", "from", "to", "protocol", "messages", "what for", "new"],
        [
            .. from one in result.Architecture
               from link in one.Interfaces
               select (IReadOnlyList<Cell>)
               [
                   Words.Of(one), link.From, link.To, link.Protocol, Words.Number(link.Messages), link.Purpose, link.IsNew ? "new" : "no",
               ],
        ]);
}
