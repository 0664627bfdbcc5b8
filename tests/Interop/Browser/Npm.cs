using System.Diagnostics;

namespace Portunus.Tests.Interop.Browser;

/// <summary>Debian's <c>npm</c>, run to its end.</summary>
static class Npm
{
    /// <returns>What it said.</returns>
    /// <exception cref="InvalidOperationException">npm failed; the message is what it said.</exception>
    public static async Task<string> RunAsync(string folder, params string[] words)
    {
        using var npm = Process.Start(new ProcessStartInfo("npm", words)
        {
            WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true,
        })!;
        var (output, errors) = (npm.StandardOutput.ReadToEndAsync(), npm.StandardError.ReadToEndAsync());
        await npm.WaitForExitAsync();
        var said = await output + await errors;
        return npm.ExitCode == 0 ? said : throw new InvalidOperationException($"npm {string.Join(' ', words)}: {said}");
    }
}
