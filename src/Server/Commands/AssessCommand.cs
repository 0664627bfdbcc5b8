using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using Portunus.Assessment;
using Portunus.Assessment.Report;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Nodes;

namespace Portunus.Server.Commands;

/// <summary><c>portunus assess</c>: runs every solution in every scenario and writes the comparison.</summary>
static class AssessCommand
{
    static readonly Option<string> Out = Flag.One("--out", "DIR", "Where the report is written.", Flag.Text, () => "report");

    static readonly Option<bool> Quick = Flag.Switch(
        "--quick", "A few samples of each cell, in under a minute: shows that everything works, proves little.");

    static readonly Option<bool> Full = Flag.Switch(
        "--full", "The whole grid of networks over sockets; says first how long that takes.");

    static readonly Option<ImmutableArray<double>> Rtt = Flag.One(
        "--rtt", "MS,MS", "Round-trip times of each link, in place of those of the mode.", text => ReadNumbers(text, 0, 5000), () => []);

    static readonly Option<ImmutableArray<double>> Loss = Flag.One(
        "--loss", "%,%", "Losses of each link, combined with each --rtt.", text => ReadNumbers(text, 0, 50), () => []);

    static readonly Option<ImmutableArray<(string Link, double Ms)>> Link = Flag.Many(
        "--link", "NAME=MS", $"A link's own round-trip time, in every network; may be repeated. Links: {string.Join(", ", LinkName.All)}.",
        ReadLink);

    static readonly Option<ulong> Seed = Flag.One(
        "--seed", "NUMBER", "All chance of the run; the same seed gives the same virtual time.", ReadSeed, () => 1UL);

    static readonly Option<bool> Schema = Flag.Switch("--schema", "Print the JSON schema of assessment.json instead.");

    public static Command Create()
    {
        var assess = new Command("assess", "Measure every solution of the study in every scenario, and write the comparison.")
        {
            Out, Quick, Full, Rtt, Loss, Link, Seed, Schema,
        };
        assess.SetAction((line, _) => RunAsync(line));
        return assess;
    }

    static async Task<int> RunAsync(ParseResult line)
    {
        if (line.GetValue(Schema))
        {
            Console.Write(AssessmentSchema.Write());
            return CommandLine.Success;
        }

        using var stop = new Stop();
        var plan = PlanOf(line);
        var folder = new ReportFolder(line.GetRequiredValue(Out));
        folder.Prepare();
        if (plan.Mode == AssessmentPlan.Full.Mode)
            Console.Error.WriteLine($"The cells over sockets take about {Math.Ceiling(plan.AboutSockets.TotalMinutes)} minutes.");
        var result = await AssessAsync(plan, stop.Wished);
        foreach (var file in folder.Write(result)) Console.Out.WriteLine(file);
        if (stop.Wished.IsCancellationRequested)
            throw new RefusedException("The run was interrupted; the report has what was there, and says what is missing.");
        var failed = result.Cells.Where(cell => cell.Status == CellStatus.Failed).ToArray();
        if (failed.Length > 0)
            throw new RefusedException($"{failed.Length} of {result.Cells.Length} cells failed, the first one "
                + $"{failed[0].Way} in {failed[0].Scenario}: {failed[0].Reason}");
        if (result.Missing.Length > 0) throw new RefusedException($"The report is not whole: {result.Missing[0]}");
        return CommandLine.Success;
    }

    static async Task<AssessmentResult> AssessAsync(AssessmentPlan plan, CancellationToken stop)
    {
        using var progress = new AssessProgress(Console.Error, !Console.IsErrorRedirected, TimeProvider.System);
        return await new Assessor(Experiments.All(), progress.Tell).RunAsync(plan, stop);
    }

    static AssessmentPlan PlanOf(ParseResult line)
    {
        var (quick, full) = (line.GetValue(Quick), line.GetValue(Full));
        if (quick && full) throw new WrongUsageException("--quick and --full exclude each other.");
        var plan = quick ? AssessmentPlan.Quick : full ? AssessmentPlan.Full : AssessmentPlan.Default;
        var (rtt, loss) = (line.GetValue(Rtt), line.GetValue(Loss));
        if (!rtt.IsDefaultOrEmpty || !loss.IsDefaultOrEmpty)
        {
            rtt = rtt.IsDefaultOrEmpty ? [.. plan.Networks.Select(network => network.RttMs).Distinct()] : rtt;
            loss = loss.IsDefaultOrEmpty ? [.. plan.Networks.Select(network => network.Loss * 100).Distinct()] : loss;
            ImmutableArray<Network> grid = [.. rtt.SelectMany(ms => loss.Select(percent => new Network(ms, percent / 100)))];
            plan = plan with { Networks = grid, VirtualNetworks = grid };
        }

        var links = line.GetValue(Link);
        return plan with
        {
            Seed = line.GetValue(Seed),
            Networks = [.. plan.Networks.Select(network => Over(network, links))],
            VirtualNetworks = [.. plan.VirtualNetworks.Select(network => Over(network, links))],
        };
    }

    static Network Over(Network network, ImmutableArray<(string Link, double Ms)> links) => links.IsDefaultOrEmpty
        ? network
        : network with { Links = network.Links.SetItems(links.Select(one => KeyValuePair.Create(one.Link, one.Ms))) };

    static (string Link, double Ms) ReadLink(string text)
    {
        var at = text.LastIndexOf('=');
        var name = LinkName.All.FirstOrDefault(link => at > 0 && link.Equals(text[..at], StringComparison.OrdinalIgnoreCase));
        return name is not null
            ? (name, ReadNumbers(text[(at + 1)..], 0, 5000)[0])
            : throw new FormatException($"'{text}' names no link; write one like W2=150 of {string.Join(", ", LinkName.All)}.");
    }

    static ImmutableArray<double> ReadNumbers(string text, double least, double most) =>
    [
        .. text.Split(',').Select(part =>
            double.TryParse(part, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
                && number >= least && number <= most
                ? number
                : throw new FormatException($"'{part}' is not a number from {least} to {most}; write them like 20,50.")),
    ];

    static ulong ReadSeed(string text) => ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
        ? seed
        : throw new FormatException($"'{text}' is not a seed; write a number from 0.");
}
