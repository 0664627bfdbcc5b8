using System.CommandLine;
using System.CommandLine.Invocation;
using Portunus.Nodes;
using Portunus.Server.Commands;

namespace Portunus.Server;

/// <summary>
/// The root of the command line. Exit codes: 0 success, 1 refused or failed with one sentence on standard error, 2 wrong
/// usage. A flag that is not built is unknown.
/// </summary>
static class CommandLine
{
    public const int Success = 0;
    public const int Failed = 1;
    public const int WrongUsage = 2;

    public static async Task<int> RunAsync(string[] args)
    {
        var root = Root();
        // Without the replacer a value may begin with '@': secret flags take @file, and read it themselves.
        var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
        if (parsed.Action is ParseErrorAction)
        {
            foreach (var error in parsed.Errors) await Console.Error.WriteLineAsync($"portunus: {error.Message}");
            await Console.Error.WriteLineAsync($"Try: portunus {Path(parsed)}--help");
            return WrongUsage;
        }

        try
        {
            // Signals are taken by Stop, so that SIGTERM and Ctrl-C end a command in the same way and with 0.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (WrongUsageException wrong)
        {
            await Console.Error.WriteLineAsync($"portunus: {wrong.Message}");
            await Console.Error.WriteLineAsync($"Try: portunus {Path(parsed)}--help");
            return WrongUsage;
        }
        catch (RefusedException refused)
        {
            await Console.Error.WriteLineAsync($"portunus: {refused.Message}");
            return Failed;
        }
    }

    static RootCommand Root()
    {
        var root = new RootCommand("Portunus: TURN credentials for WebRTC access to IMS, and the TURN server that takes them.")
        {
            // One file a command in Commands; what is not built is not here.
            UpCommand.Create(),
            TurnCommand.Create(),
            CredentialsCommand.Create(),
        };
        root.Directives.Clear();
        return root;
    }

    /// <summary>The command that was meant, as words to put before <c>--help</c>.</summary>
    static string Path(ParseResult parsed)
    {
        var words = "";
        for (var result = parsed.CommandResult; result.Parent is System.CommandLine.Parsing.CommandResult parent; result = parent)
            words = $"{result.Command.Name} {words}";
        return words;
    }
}
