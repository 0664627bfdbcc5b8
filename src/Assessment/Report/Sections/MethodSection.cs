using Portunus.Assessment.Report.Paper;
using Portunus.Assessment.Results;

namespace Portunus.Assessment.Report.Sections;

/// <summary>How it was measured, and on what.</summary>
static class MethodSection
{
    public static Section Of(AssessmentResult result) => new("method", "Method",
    [
        new Paragraph("Over sockets, the real WAF, eP-CSCF, TURN server, home core and native client run in one process on this "
            + "machine. Between any two of them a link in user space delays, loses and counts what passes, by a seeded model: a lost "
            + "datagram is dropped, a lost segment of a stream comes one retransmission timeout of RFC 6298 later (docs/networks.md). "
            + "Each sample is a client that signs in, registers, and calls another until media passes the relay."),
        new Paragraph("In virtual time, SIP, TURN and credentials are the same code, driven by a clock of the experiment; HTTPS "
            + "exchanges are modelled by the round trips, bytes and service times that were taken over sockets. Such cells are called "
            + "modelled. Architecture, protocol and traffic are counted from what was seen on the wire. docs/assessment-method.md has the "
            + "method in full."),
        new Table("The run", ["", ""],
        [
            ["mode", result.Mode],
            ["begun", Words.Time(result.Began)],
            ["lasted", $"{Words.Number(result.Seconds)} s"],
            ["seed", result.Seed.ToString(System.Globalization.CultureInfo.InvariantCulture)],
            ["processor", $"{result.Machine.Processor}, {Words.Count(result.Machine.Cores, "core", "cores")}"],
            ["system", result.Machine.System],
            ["runtime", result.Machine.Runtime],
            ["portunus", result.Machine.Version],
            ["networks over sockets", Networks(result, cell => cell.Status is CellStatus.Measured or CellStatus.Failed)],
            ["networks in virtual time", Networks(result, Data.IsVirtual)],
            ["samples of a cell over sockets", Samples(result, cell => cell.Status == CellStatus.Measured)],
            ["samples of a cell in virtual time", Samples(result, Data.IsVirtual)],
        ]),
        new Heading("How to repeat it"),
        new Paragraph($"On a machine with the .NET 10 SDK, at the version above, without root: ./portunus assess{Flag(result)} --seed "
            + $"{result.Seed}. "
            + "Virtual time comes out the same to the byte when its service times do; times over sockets differ with the machine and "
            + "its load."),
    ]);

    static string Flag(AssessmentResult result) => result.Mode switch { "quick" => " --quick", "full" => " --full", _ => "" };

    static string Networks(AssessmentResult result, Func<CellResult, bool> which) =>
        Words.List(Data.NetworksOf(result, which).Select(Data.NameOf).Select(name => name.Replace(", ", "/", StringComparison.Ordinal)));

    static string Samples(AssessmentResult result, Func<CellResult, bool> which)
    {
        var counts = result.Cells.Where(which).SelectMany(cell => cell.Metrics.Values)
            .Select(metric => metric.N).Distinct().Order().ToArray();
        return counts.Length switch
        {
            0 => "none",
            1 => $"{counts[0]}",
            _ => $"{counts[0]} to {counts[^1]}",
        };
    }
}
