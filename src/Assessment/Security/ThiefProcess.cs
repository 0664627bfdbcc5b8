using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Portunus.Assessment.Systems;
using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Wic;

namespace Portunus.Assessment.Security;

/// <summary>
/// A process of its own that relays with what it stole: <c>portunus wic relay</c>, straight to the TURN server. Ends by itself, and
/// with its object.
/// </summary>
sealed partial class ThiefProcess : IDisposable
{
    /// <summary>Payload bytes of each of its packets.</summary>
    public const int PacketBytes = 160;

    const string Own = "portunus", Host = "dotnet", Variable = "PORTUNUS_STOLEN";

    /// <summary>The start of a program on a machine with much else to do.</summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    readonly Process _process;
    readonly TaskCompletionSource _relays = new(TaskCreationOptions.RunContinuationsAsynchronously);
    readonly Task<string> _errors;
    readonly Task<int?> _returned;

    ThiefProcess(ProcessStartInfo start)
    {
        _process = Process.Start(start)!;
        // Read, so that it never waits for us.
        _errors = _process.StandardError.ReadToEndAsync(CancellationToken.None);
        _returned = ReadAsync();
    }

    /// <param name="server">The TURN server.</param>
    /// <param name="stolen">What it shows.</param>
    /// <param name="from">An address of this machine; null for whichever the system takes.</param>
    /// <param name="seconds">How long it sends 50 packets a second.</param>
    /// <exception cref="RefusedException">This machine has not the program.</exception>
    public static ThiefProcess Start(IPEndPoint server, TurnClientSettings stolen, IPAddress? from, int seconds)
    {
        var (program, first) = Program();
        var start = new ProcessStartInfo(program)
        {
            RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = Path.GetTempPath(),
        };
        string[] words =
        [
            .. first, "wic", "relay", "--turn", $"turn:{server}?transport=udp", "--rate", "50",
            "--seconds", seconds.ToString(CultureInfo.InvariantCulture), .. from is null ? Array.Empty<string>() : ["--from", $"{from}"],
            .. stolen.Token is null
                ? new[] { "--turn-user", stolen.Username, "--turn-password", $"env:{Variable}" }
                : ["--turn-token", $"env:{Variable}", "--turn-server-name", StudySystem.TurnName],
        ];
        foreach (var word in words) start.ArgumentList.Add(word);
        // A process of seconds: a compiler that watches what to compile again would take an eighth more.
        start.Environment["DOTNET_TieredPGO"] = "0";
        // Not on the command line, where others of this machine read it.
        start.Environment[Variable] = stolen.Token is { } token ? Json(token) : stolen.Password;
        return new(start);
    }

    /// <summary>Waits until its packets flow.</summary>
    /// <exception cref="RefusedException">It came to nothing.</exception>
    public Task RelaysAsync(CancellationToken stop) => _relays.Task.WaitAsync(Patience, stop);

    /// <summary>Waits for its end; how many of its packets came back to it through two relays.</summary>
    /// <exception cref="RefusedException">It said nothing of it.</exception>
    public async Task<int> ReturnedAsync(CancellationToken stop) =>
        await _returned.WaitAsync(Patience, stop) ?? throw new RefusedException("The thief's process said nothing of its packets.");

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }

    async Task<int?> ReadAsync()
    {
        int? returned = null;
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
            if (BindStep().IsMatch(line)) _relays.TrySetResult();
            else if (Figures().Match(line) is { Success: true } match)
                returned = int.Parse(match.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        if (!_relays.Task.IsCompleted)
            _relays.TrySetException(new RefusedException($"The thief's process got no relay. {(await _errors).Trim()}"));
        return returned;
    }

    /// <summary>As <c>portunus token mint</c> prints it.</summary>
    static string Json(IssuedToken token) => JsonSerializer.Serialize(new
    {
        kid = token.Kid, key = Convert.ToBase64String(token.MacKey.Span), expires_in = token.Lifetime,
        access_token = Convert.ToBase64String(token.AccessToken.Span),
    });

    static (string Program, string[] First) Program()
    {
        var running = Environment.ProcessPath ?? Host;
        var name = Path.GetFileNameWithoutExtension(running);
        if (name == Own) return (running, []);
        var library = Path.Combine(AppContext.BaseDirectory, $"{Own}.dll");
        if (!File.Exists(library)) throw new RefusedException($"The program {library} is not there to be a thief.");
        return (name == Host ? running : Host, [library]);
    }

    // The names of steps are stable: docs/wic.md.
    [GeneratedRegex(@"ms\s+bind\s")]
    private static partial Regex BindStep();

    [GeneratedRegex(@"^\d+ sent, (\d+) of \d+ came")]
    private static partial Regex Figures();
}
