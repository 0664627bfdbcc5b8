using Portunus.Credentials;
using Portunus.Nodes;
using Portunus.Stun;
using Portunus.Tests.Io.Commands;
using Portunus.Tests.Io.Relay;

namespace Portunus.Tests.Io.Faults;

/// <summary>Somebody sets the clock of the machine; libfaketime does it for one process, and its monotonic clock goes on.</summary>
public sealed class SetClockTests : IDisposable
{
    static readonly SharedSecret North = SharedSecret.TryParse("north", out var secret) ? secret : throw new FormatException();

    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("portunus-clock-");

    string Clock => Path.Combine(_folder.FullName, "clock");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Set_back_or_forward_an_hour_ends_no_allocation_and_only_credentials_with_an_expiry_notice()
    {
        Set("+0");
        using var server = PortunusProcess.ServeUnder(
            new Dictionary<string, string>
            {
                ["LD_PRELOAD"] = Library, ["FAKETIME_TIMESTAMP_FILE"] = Clock, ["FAKETIME_NO_CACHE"] = "1",
                ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["DONT_FAKE_MONOTONIC"] = "1",
            },
            [.. FaultyServer.Least, "--listen", "127.0.0.1:0", "--admin", "127.0.0.1:0", "--secret", "north"]);
        using var call = new LivingCall(server.Client());
        using var limited = new LivingCall(Client(server, minutes: 30));
        Assert.Equal(ErrorCode.Unauthenticated, Allocate(server, minutes: -30));

        Set("-3600");
        Assert.Null(Allocate(server, minutes: -30));
        Assert.Null(Allocate(server, minutes: 30));
        GoOn();

        Set("+3600");
        Assert.Equal(ErrorCode.Unauthenticated, Allocate(server, minutes: 30));
        Assert.Null(Allocate(server, minutes: 90));
        GoOn();

        Set("+0");
        Assert.Equal(ErrorCode.Unauthenticated, Allocate(server, minutes: -30));
        GoOn();
        await Eventually.TrueAsync(async () => await server.MetricAsync("portunus_turn_allocations{transport=\"udp\"}") == 5);
        Assert.Equal(0, server.Terminate());

        void GoOn()
        {
            call.GoesOn();
            limited.GoesOn();
        }
    }

    static string Library => Directory.GetDirectories("/usr/lib", "*-linux-gnu*")
        .Select(folder => Path.Combine(folder, "faketime/libfaketimeMT.so.1")).First(File.Exists);

    /// <summary>Not in the middle of a look.</summary>
    void Set(string offset)
    {
        File.WriteAllText(Clock + ".new", offset);
        File.Move(Clock + ".new", Clock, overwrite: true);
    }

    static RawClient Client(PortunusProcess server, int minutes)
    {
        var expiry = SystemClock.Now.UnixSeconds + (60 * minutes);
        var credential = TimeLimitedCredential.Mint(North, expiry, $"{minutes + 1000:x12}");
        return new(server.Listeners[0], credential.Username, credential.Password);
    }

    static ErrorCode? Allocate(PortunusProcess server, int minutes)
    {
        using var client = Client(server, minutes);
        return client.Allocate().Error;
    }
}
