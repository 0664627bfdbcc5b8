using System.CommandLine;
using Portunus.Nodes;
using Portunus.Nodes.Serve;
using Portunus.Server.Configuration;

namespace Portunus.Server.Commands;

/// <summary><c>portunus serve</c>: the roles of a configuration, together or apart.</summary>
static class ServeCommand
{
    static readonly Option<string> Config = Flag.One(
        "--config", "FILE", "The configuration; portunus check says what is wrong with one.", Flag.Text);

    static readonly Option<IReadOnlySet<string>?> Role = Flag.One<IReadOnlySet<string>?>(
        "--role", "ROLE,ROLE", $"Some of {string.Join(", ", Roles.Built)}; else every one that has a section.", Roles.Read, () => null);

    public static Command Create()
    {
        var serve = new Command(
            "serve", """
            Run roles of an IMS access from a configuration: TURN server, media gateway node, eP-CSCF, home core, WAF, WWSF.

            Scenario 1 is SIP Digest; AKA is not there. The role agw is a TURN server and the agent by which an eP-CSCF controls
            it; no real media gateway is behind the agent.
            """)
        {
            Config, Role,
        };
        serve.SetAction((line, _) => RunAsync(line));
        return serve;
    }

    static async Task<int> RunAsync(ParseResult line)
    {
        using var stop = new Stop();
        var file = ConfigurationFile.Read(line.GetRequiredValue(Config), Warnings.Write);
        if (file.Root is not { } root)
        {
            Console.Error.WriteLine(file.Complaint);
            return CommandLine.Failed;
        }

        using var data = DataFolder.Open(root.Data);
        var settings = Roles.Choose(root, line.GetValue(Role), data.Path);
        using var logs = Logs.ToStandardError(Logs.Read(root.LogLevel));
        await using var system = await ServedSystem.StartAsync(settings, logs.Factory);
        using var hangup = Hangup.Do(() => ReadAgainAsync(line, file, data.Path, system, logs));
        foreach (var (protocol, endPoint) in system.Listeners) Console.WriteLine($"listening {protocol} {endPoint}");
        Console.WriteLine("ready");
        await Task.WhenAny(stop.Task, system.Ended);
        if (stop.Wished.IsCancellationRequested) await system.FarewellAsync();
        return stop.Wished.IsCancellationRequested
            ? CommandLine.Success
            : throw new RefusedException("The TURN server failed, so all was stopped; start it again.", system.Ended.Exception);
    }

    /// <summary>A configuration with a mistake is told, and what runs goes on as it is, with certificates that are new.</summary>
    static async Task ReadAgainAsync(ParseResult line, ConfigurationFile began, string folder, ServedSystem system, Logs logs)
    {
        var isTaken = false;
        try
        {
            system.RefreshFiles();
            var file = ConfigurationFile.Read(line.GetRequiredValue(Config), Warnings.Write);
            if (file.Root is { } root)
            {
                logs.Least = Logs.Read(root.LogLevel);
                await system.RefreshAsync(Roles.Choose(root, line.GetValue(Role), folder), Changes.Waiting(began, file));
                isTaken = true;
            }
            else
            {
                Warnings.Write($"the configuration was not taken over:\n{file.Complaint}");
            }
        }
        catch (RefusedException e)
        {
            Warnings.Write($"the configuration was not taken over: {e.Message}");
        }
        finally
        {
            system.Reloads.Count(isTaken);
        }
    }
}
