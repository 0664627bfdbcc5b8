using System.Diagnostics;
using System.Globalization;
using Portunus.Fuzz.Engine;
using Portunus.Fuzz.Targets;

const string Usage = """
    run TARGET|all SECONDS [SEED] [--plant] [--report FILE] [--findings FOLDER]
                          fuzzes a target, or all of them, two at a time
    repeat TARGET FILE    plays an input that was found
    """;
var isPlanted = args.Contains("--plant");
string? Option(string name) => Array.IndexOf(args, name) is >= 0 and var at && at + 1 < args.Length ? args[at + 1] : null;

switch (args)
{
    case ["run", var name, var seconds, ..]:
        var seed = args.Length > 3 && ulong.TryParse(args[3], out var given) ? given : (ulong)Environment.TickCount64;
        return await Many.RunAsync(
            name == "all" ? TargetNames.All : [name], TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture)), seed,
            Option("--findings") ?? Path.Combine(Path.GetTempPath(), "portunus-findings"), Option("--report"), isPlanted);

    case ["repeat", var name, var file, ..]:
        Coverage none = new();
        using (var target = TargetNames.New(name, isPlanted))
        {
            var steps = Step.Read(File.ReadAllBytes(file));
            foreach (var step in steps)
                Console.WriteLine($"kind {step.Kind % target.Kinds}, argument {step.Arg}, {Convert.ToHexString(step.Bytes)}");
            target.Run(steps, none);
        }

        Console.WriteLine("no law was broken");
        return 0;

    // What ChildProcess starts: the instrumented copy.
    case ["child", var name, var seconds, var seedOfChild, var last, var findings, ..]:
        Coverage coverage = new();
        using (var target = TargetNames.New(name, isPlanted))
        using (LastInput input = new(last))
        {
            var clock = Stopwatch.StartNew();
            var time = TimeSpan.FromSeconds(double.Parse(seconds, CultureInfo.InvariantCulture));
            Campaign? campaign = null;
            campaign = new(target, coverage, ulong.Parse(seedOfChild, CultureInfo.InvariantCulture),
                steps => input.Write(campaign!, steps));
            if (campaign.Until(() => clock.Elapsed > time) is not { } found) return 0;
            Console.WriteLine(FindingFile.Write(findings, name, Step.Write(found.Steps)));
            Console.WriteLine(found.Broken);
            return 0;
        }

    default:
        Console.Error.WriteLine(Usage);
        return 2;
}
