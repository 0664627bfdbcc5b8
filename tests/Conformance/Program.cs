using Portunus.Tests.Conformance.Running;
using Xunit.Runner.InProc.SystemConsole;

namespace Portunus.Tests.Conformance;

/// <summary>The suite alone against any target, or as the tests of this repository.</summary>
static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        if (Alone.IsMeant(arguments)) return Alone.Run(arguments, Console.Out, Console.Error);
        return await ConsoleRunner.Run(arguments);
    }
}
