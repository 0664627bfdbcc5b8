using System.Diagnostics;
using System.Net;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Nodes.Wic;

namespace Portunus.Assessment.Architecture;

/// <summary>
/// An RFC 8656 client that knows the long-term mechanism and no more: coturn's, where this machine has it, else the native client
/// with a name and a password.
/// </summary>
static class PlainTurnClient
{
    const string Program = "turnutils_uclient";

    /// <summary>Who is let in takes five seconds, most of which coturn's client waits; who is refused tries again for ever.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    public static async Task<Trial> TryAsync(IPEndPoint server, PlainCredential credential, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(Patience);
        return IsInstalled()
            ? await ByCoturnAsync(server, credential, patience.Token, stop)
            : await ByOursAsync(server, credential, patience.Token);
    }

    static bool IsInstalled() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => folder.Length > 0 && File.Exists(Path.Combine(folder, Program)));

    /// <summary>Two of its clients send each other a message through their relays; it ends with 0 when they had them.</summary>
    static async Task<Trial> ByCoturnAsync(
        IPEndPoint server, PlainCredential credential, CancellationToken patience, CancellationToken stop)
    {
        var start = new ProcessStartInfo(Program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true,
            ArgumentList =
            {
                "-y", "-c", "-s", "-n", "1", "-m", "1", "-u", credential.Username, "-w", credential.Password, "-p", $"{server.Port}",
                $"{server.Address}",
            },
        };
        using var process = Process.Start(start)!;
        // Read, so that it never waits for us; what it says is not needed.
        var said = process.StandardOutput.ReadToEndAsync(CancellationToken.None);
        var complained = process.StandardError.ReadToEndAsync(CancellationToken.None);
        try
        {
            await process.WaitForExitAsync(patience);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            // It tries again and again what is refused.
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }

        await process.WaitForExitAsync(CancellationToken.None);
        await Task.WhenAll(said, complained);
        return new(process.ExitCode == 0, $"coturn's {Program}");
    }

    static async Task<Trial> ByOursAsync(IPEndPoint server, PlainCredential credential, CancellationToken patience)
    {
        const string How = "the native client with a name and a password alone";
        using var client = new RelayClient(
            TransportAddress.From(server), new() { Username = credential.Username, Password = credential.Password });
        try
        {
            await client.AllocateAsync(patience);
            return new(true, How);
        }
        catch (RefusedException refused)
        {
            return new(false, $"{How}: {refused.Message}");
        }
    }
}
