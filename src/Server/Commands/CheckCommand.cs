using System.CommandLine;
using Portunus.Server.Configuration;

namespace Portunus.Server.Commands;

/// <summary><c>portunus check</c>: every mistake of a configuration with its line; nothing is started.</summary>
static class CheckCommand
{
    static readonly Argument<string> File = new("FILE") { Description = "The configuration.", Arity = ArgumentArity.ZeroOrOne };

    static readonly Option<bool> PrintSchema = new("--schema")
    {
        Description = "Print the JSON schema of configurations instead.",
        Arity = ArgumentArity.Zero,
    };

    public static Command Create()
    {
        var check = new Command("check", "Say every mistake of a configuration, and what it would start.") { File, PrintSchema };
        check.SetAction(Run);
        return check;
    }

    static int Run(ParseResult line)
    {
        if (line.GetValue(PrintSchema))
        {
            Console.Write(Schema.Write());
            return CommandLine.Success;
        }

        var path = line.GetValue(File) ?? throw new WrongUsageException("Name the configuration: portunus check portunus.json.");
        var file = ConfigurationFile.Read(path, Warnings.Write);
        if (file.Root is not { } root)
        {
            Console.Error.WriteLine(file.Complaint);
            return CommandLine.Failed;
        }

        Console.WriteLine($"{path} is right. portunus serve --config {path} would start:");
        foreach (var role in Describe(root)) Console.WriteLine($"  {role}");
        return CommandLine.Success;
    }

    static IEnumerable<string> Describe(PortunusFile file)
    {
        if (file.Turn is { } turn)
            yield return $"turn     {List(turn.Listen)}, relays at {List(turn.RelayAddresses)}, realm {file.TurnRealm}";
        if (file.Agw is { } agw)
            yield return $"agw      {List(agw.Listen)}, relays at {List(agw.RelayAddresses)}, controlled at {agw.Control.Listen}";
        if (file.Epcscf is { } edge)
        {
            var web = edge.Web.Https.Select(at => $"https {at}").Concat(edge.Web.Http.Select(at => $"http {at} for proxies"));
            var core = edge.Core is { } mw ? $"Mw at {mw.Listen} to {mw.NextHop} by {mw.Transport}" : "the core of this process";
            var credentials = edge.Provisioning is { } way
                ? $"credentials by {way.Approach} for {List(way.TurnServers.SelectMany(server => server.Uris))}" : "no credentials";
            yield return $"epcscf   {List(web)}, {core}, {credentials}";
        }

        if (file.Core is { } home)
            yield return $"core     {(home.Listen is { } at ? $"Mw at {at}" : "for the edge of this process")}, domain {file.Domain}";
        if (file.Waf is { } waf)
        {
            var mutual = waf.MutualTls is { } apart ? $", {apart.Listen} for certificates" : "";
            yield return $"waf      {(waf.Certificate is null ? "http" : "https")} {waf.Listen}{mutual}, issuer {waf.Issuer}, "
                + $"clients {List(waf.Clients.Select(client => client.Id))}";
        }

        if (file.Wwsf is { } site)
            yield return $"wwsf     {(site.Certificate is null ? "http" : "https")} {site.Listen}, "
                + $"a pool of {site.Impus.Count}, WAF {site.Waf}";
        if (file.Admin is { } admin)
            yield return $"admin    {(admin.Certificate is null ? "http" : "https")} {admin.Listen}";
        if (file.Data is null && file.Core is not null) yield return "data in a temporary folder that goes when it ends";
    }

    static string List<T>(IEnumerable<T> values) => string.Join(", ", values);
}
