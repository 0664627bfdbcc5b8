using System.Diagnostics;
using System.Runtime.Versioning;
using System.Text;
using Portunus.Nodes;
using Portunus.Nodes.Web;

namespace Portunus.Tests.Io.Up;

[UnsupportedOSPlatform("windows")]
public sealed class UpProcessTests : IDisposable
{
    readonly string _data = Directory.CreateTempSubdirectory("portunus-test-").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    [Theory]
    [InlineData("INT")]
    [InlineData("TERM INT")] // timeout(1) sends TERM twice; two of one kind may merge on their way, these never.
    public async Task It_serves_says_so_and_ends_cleanly_when_told(string signal)
    {
        await using var up = await UpProcess.ReadyAsync();
        Assert.Equal($"ready http://localhost:{up.Port("http")}/", up.Lines[^1]);
        Assert.Contains(up.Lines, line => line.StartsWith("listening https 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains(up.Lines, line => line.StartsWith("listening turn 127.0.0.1:", StringComparison.Ordinal));
        Assert.Contains("alice", up.Output, StringComparison.Ordinal);
        Assert.Contains("bob", up.Output, StringComparison.Ordinal);
        Assert.DoesNotContain('\x1b', up.Output);
        var folder = Assert.Single(Directory.GetDirectories(up.Temporary, "portunus-*"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));

        using var http = new HttpClient { BaseAddress = new($"http://localhost:{up.Port("http")}") };
        Assert.Contains("ims.localhost", await http.GetStringAsync("/config.json", Stop), StringComparison.Ordinal);
        Assert.Contains("<title>", await http.GetStringAsync("/", Stop), StringComparison.Ordinal);

        var (code, errors) = await up.EndAsync(signal);
        Assert.Equal(0, code);
        Assert.Equal("", errors);
        Assert.Empty(Directory.GetFileSystemEntries(up.Temporary, "portunus-*"));
    }

    [Fact]
    public async Task The_printed_passwords_are_right_and_every_open_flow_hears_1001_at_the_end()
    {
        await using var up = await UpProcess.ReadyAsync();
        var password = up.Lines.First(line => line.Contains("alice", StringComparison.Ordinal)).Split(' ')[^1];
        var w2 = new Uri($"ws://localhost:{up.Port("http")}/w2");
        await using var wic = await SipClient.ConnectAsync(w2, "alice", "ims.localhost");
        Assert.Equal(200, (await wic.RegisterAsync(password)).Status);

        var ended = up.EndAsync("TERM");
        Assert.Equal(1001, (int)(await wic.ReceiveCloseAsync())!.Value);
        await wic.DisposeAsync();
        Assert.Equal((0, ""), await ended);
        Assert.Empty(Directory.GetFileSystemEntries(up.Temporary, "portunus-*"));
    }

    [Fact]
    public async Task The_line_that_scripts_wait_for_names_even_the_port_that_browsers_leave_out()
    {
        try
        {
            LoopbackPort.Bind("--http", 80).Dispose();
        }
        catch (RefusedException)
        {
            // Taken here, or not ours to take.
            return;
        }

        await using var up = UpProcess.Start("--http", "80", "--https", "0", "--turn", "0");
        await up.ReadyAsync();
        Assert.Equal("ready http://localhost:80/", up.Lines[^1]);
        Assert.Equal((0, ""), await up.EndAsync("TERM"));
    }

    [Fact]
    public async Task A_signal_while_it_starts_leaves_nothing_behind()
    {
        await using var up = UpProcess.Start("--http", "0", "--https", "0", "--turn", "0");
        // Signals are taken before the folder is made.
        for (var start = Stopwatch.StartNew(); Directory.GetDirectories(up.Temporary, "portunus-*").Length == 0;)
        {
            Assert.True(start.Elapsed < UpProcess.Patience, "It made no folder.");
            await Task.Delay(5, Stop);
        }

        Assert.Equal((0, ""), await up.EndAsync("TERM"));
        Assert.Empty(Directory.GetFileSystemEntries(up.Temporary, "portunus-*"));
    }

    [Fact]
    public async Task With_a_data_folder_the_store_stays_and_holds_no_password()
    {
        var (kept, secret) = (Path.Combine(_data, "kept"), Path.Combine(_data, "secret"));
        File.WriteAllText(secret, "carol:the file's password\n");
        string[] ports = ["--http", "0", "--https", "0", "--turn", "0"];
        string[] words = ["--data", kept, "--subscriber", "env:DAVE", "--subscriber", $"@{secret}"];
        string? certificate = null;
        for (var run = 0; run < 2; run++)
        {
            await using var up = UpProcess.Start([("DAVE", "dave:the variable's password")], [.. ports, .. words]);
            await up.ReadyAsync();
            Assert.DoesNotContain("alice", up.Output, StringComparison.Ordinal);
            Assert.Contains("carol", up.Output, StringComparison.Ordinal);
            var w2 = new Uri($"wss://localhost:{up.Port("https")}/w2");
            await using (var wic = await SipClient.ConnectAsync(w2, "carol", "ims.localhost"))
                Assert.Equal(200, (await wic.RegisterAsync("the file's password")).Status);

            var (code, errors) = await up.EndAsync("TERM");
            Assert.Equal((0, ""), (code, errors));
            Assert.DoesNotContain("password", up.Output, StringComparison.Ordinal);
            foreach (var file in Directory.EnumerateFiles(kept))
            {
                // The word alone is the name of a column.
                Assert.DoesNotContain("'s password", File.ReadAllText(file, Encoding.Latin1), StringComparison.Ordinal);
                Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
            }

            // The keys with which edge and TURN server know each other were there for the start alone.
            Assert.Empty(Directory.GetDirectories(kept));
            var pem = File.ReadAllText(Path.Combine(kept, "certificate.pem"));
            Assert.Equal(certificate ?? pem, pem);
            certificate = pem;
        }
    }

    [Fact]
    public async Task A_password_on_the_command_line_works_with_one_warning_that_does_not_repeat_it()
    {
        await using var up = await UpProcess.ReadyAsync("--subscriber", "erin:first:secret", "--subscriber", "frank:second");
        await using (var wic = await SipClient.ConnectAsync(new($"ws://localhost:{up.Port("http")}/w2"), "erin", "ims.localhost"))
            Assert.Equal(200, (await wic.RegisterAsync("first:secret")).Status);
        var (code, errors) = await up.EndAsync("TERM");
        Assert.Equal(0, code);
        Assert.Single(errors.TrimEnd().Split('\n'));
        Assert.Contains("--subscriber @file", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", errors + up.Output, StringComparison.Ordinal);
    }

    static CancellationToken Stop => TestContext.Current.CancellationToken;
}
