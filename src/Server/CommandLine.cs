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
        try
        {
            if (parsed.Action is ParseErrorAction)
                throw new WrongUsageException(string.Join("\nportunus: ", Mistakes(parsed)));
            // Signals are taken by Stop, so that SIGTERM and Ctrl-C end a command in the same way and with 0.
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                EnableDefaultExceptionHandler = false,
                ProcessTerminationTimeout = null,
            });
        }
        catch (WrongUsageException wrong)
        {
            Say($"portunus: {wrong.Message}\nTry: portunus {Path(parsed)}--help");
            return WrongUsage;
        }
        catch (RefusedException refused)
        {
            Say($"portunus: {refused.Message}");
            return Failed;
        }
        catch (Exception unforeseen)
        {
            Say($"portunus: This should not have happened; what follows says where: {unforeseen}");
            return Failed;
        }
    }

    /// <summary>
    /// What the parser could not use. Words that follow an unknown flag are its values, and may be secrets: they are not
    /// repeated.
    /// </summary>
    static IEnumerable<string> Mistakes(ParseResult parsed)
    {
        var knowsAllFlags = !parsed.UnmatchedTokens.Any(word => word.StartsWith('-'));
        var values = knowsAllFlags ? [] : parsed.UnmatchedTokens.Where(word => !word.StartsWith('-')).ToArray();
        return parsed.Errors.Select(error => error.Message)
            .Where(message => !values.Any(value => message.Contains($"'{value}'", StringComparison.Ordinal)));
    }

    /// <summary>Standard error may be closed; the exit code says it, too.</summary>
    static void Say(string text)
    {
        try
        {
            Console.Error.WriteLine(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
        }
    }

    static RootCommand Root()
    {
        var root = new RootCommand("Portunus: TURN credentials for WebRTC access to IMS, and the TURN server that takes them.")
        {
            // One file a command in Commands; what is not built is not here.
            UpCommand.Create(),
            ServeCommand.Create(),
            CheckCommand.Create(),
            ImportCommand.Create(),
            UserCommand.Create(),
            EnrolCommand.Create(),
            TurnCommand.Create(),
            CredentialsCommand.Create(),
            TokenCommand.Create(),
            WicCommand.Create(),
            AssessCommand.Create(),
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
