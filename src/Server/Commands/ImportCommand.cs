using System.Collections.Immutable;
using System.CommandLine;
using System.Net;
using System.Net.NetworkInformation;
using System.Text;
using Portunus.Nodes;
using Portunus.Server.Configuration;
using Portunus.Server.Import;

namespace Portunus.Server.Commands;

/// <summary><c>portunus import</c>: a configuration out of coturn's.</summary>
static class ImportCommand
{
    static readonly Argument<string> File = new("FILE") { Description = "A turnserver.conf of coturn." };

    static readonly Option<string?> Realm = Flag.One<string?>(
        "--realm", "NAME", "The realm, where the file names none.", TurnFlags.ReadRealm, () => null);

    static readonly Option<ImmutableArray<IPAddress>> Address = Flag.Many(
        "--address", "IP", "An address of the server, where the file names none; else those of this machine are taken. May be repeated.",
        ReadAddress);

    static readonly Option<string?> SecretFiles = Flag.One<string?>(
        "--secret-files", "FOLDER",
        "Write each secret into a file of this folder, for its owner alone; the configuration finds it there if it stands beside. " +
        "No file that is there is touched.", Flag.Text, () => null);

    static readonly Option<bool> Inline = Flag.Switch(
        "--inline-secrets", "Write secrets into the configuration itself, where every reader of it finds them.");

    public static Command Create()
    {
        var import = new Command(
            "import", """
            Make a portunus.json of a turnserver.conf (coturn 4.6 to 4.17), on standard output.

            Standard error says line by line what was taken over and what was not, and why; what is unsafe there is not taken over. Secrets
            are not printed: the configuration names a file for each ("@turn-secret-1"), which you write, or --secret-files does. It ends
            with 1 when no server could be started from what came out; what is missing is said then.
            """)
        {
            File, Realm, Address, SecretFiles, Inline,
        };
        import.SetAction(Run);
        return import;
    }

    static int Run(ParseResult line)
    {
        var (path, isInline, folder) = (line.GetRequiredValue(File), line.GetValue(Inline), line.GetValue(SecretFiles));
        if (isInline && folder is not null)
            throw new WrongUsageException("--inline-secrets and --secret-files say two things; leave one out.");
        var lines = CoturnLine.Read(path);
        var report = new CoturnReport(path);
        var own = line.GetValue(Address) is { IsEmpty: false } given ? given : OwnAddresses();
        var realm = line.GetValue(Realm);
        var secrets = new SecretPlaces(folder, isInline);
        var text = new CoturnImport(lines, report, secrets, own).Run(realm);
        // Judged with its secrets in it: the files may not be there yet.
        var inline = new CoturnImport(lines, new CoturnReport(path), new SecretPlaces(null, isInline: true), own).Run(realm);
        var judged = ConfigurationFile.Parse(
            "portunus.json", Encoding.UTF8.GetBytes(inline), Path.GetDirectoryName(Path.GetFullPath(path))!, _ => { });
        var written = secrets.Write().ToArray();
        Console.Write(text);
        foreach (var said in report.Lines()) Console.Error.WriteLine(said);
        if (written.Length > 0) Console.Error.WriteLine("secrets:");
        foreach (var file in written) Console.Error.WriteLine($"  {file}");
        Console.Error.WriteLine(
            $"{report.Count(Verdict.Taken)} taken over, {report.Count(Verdict.Same)} need no setting, " +
            $"{report.Count(Verdict.Left)} left out, {report.Count(Verdict.Unsafe)} unsafe and left out");
        if (judged.Root is not null) return CommandLine.Success;
        var missing = string.Join(" ", judged.Mistakes.Select(mistake => mistake.Sentence).Distinct());
        throw new RefusedException($"No server can be started from this yet: {missing}");
    }

    static IPAddress ReadAddress(string text) => TurnFlags.ReadRelayAddress(text).Local.ToIPAddress();

    /// <summary>As coturn takes them: every address of this machine; those that others cannot reach where there are no others.</summary>
    static ImmutableArray<IPAddress> OwnAddresses()
    {
        var all = NetworkInterface.GetAllNetworkInterfaces()
            .Where(one => one.OperationalStatus == OperationalStatus.Up || one.NetworkInterfaceType == NetworkInterfaceType.Loopback)
            .SelectMany(one => one.GetIPProperties().UnicastAddresses).Select(one => one.Address)
            .Where(ip => !ip.IsIPv6LinkLocal).ToArray();
        var reachable = all.Where(ip => !IPAddress.IsLoopback(ip)).ToImmutableArray();
        return reachable.IsEmpty ? [.. all] : reachable;
    }
}
