using System.Collections;
using System.Net.NetworkInformation;
using Microsoft.Playwright;

namespace Portunus.Tests.Interop.Browser;

/// <summary>Debian's Chromium with an invented microphone, and one `portunus up` for all tests of this folder.</summary>
public sealed class Chromium : IAsyncLifetime
{
    IPlaywright? _playwright;
    IBrowser? _browser;
    UpProcess? _up;

    public UpProcess Up => _up!;

    public async ValueTask InitializeAsync()
    {
        Assertions.SetDefaultExpectTimeout(20_000);
        _up = await UpProcess.StartAsync();
        _playwright = await Playwright.CreateAsync();
        _browser = await LaunchAsync(_playwright);
    }

    /// <param name="playwright">Drives it.</param>
    /// <param name="home">The home of its user, in whose data base of certificates it looks; that of these tests when null.</param>
    internal static Task<IBrowser> LaunchAsync(IPlaywright playwright, string? home = null) => playwright.Chromium.LaunchAsync(new()
    {
        ExecutablePath = "/usr/bin/chromium",
        Args =
        [
            "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
            "--disable-component-update", "--disable-sync", "--use-fake-device-for-media-stream",
            "--use-fake-ui-for-media-stream", .. OnlyLoopback() ? ["--allow-loopback-in-peer-connection"] : Array.Empty<string>(),
        ],
        Env = home is null ? null : Environment(home),
    });

    /// <summary>A window of its own, with cookies and storage of its own, at the sign-in.</summary>
    /// <param name="movableClock">The page's clock and timers can be moved on by <see cref="IPage.Clock"/>.</param>
    public async Task<PhonePage> OpenAsync(
        string user, string query = "", bool https = false, string host = "localhost", bool movableClock = false,
        BrowserNewContextOptions? options = null)
    {
        options ??= new();
        options.IgnoreHTTPSErrors = https;
        options.ViewportSize ??= new() { Width = 960, Height = 900 };
        var context = await _browser!.NewContextAsync(options);
        if (movableClock)
            await context.Clock.InstallAsync();
        var origin = new UriBuilder(https ? Up.Https : Up.Http) { Host = host }.Uri;
        return await PhonePage.OpenAsync(context, origin, $"?user={user}{query}");
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
            await _browser.DisposeAsync();
        _playwright?.Dispose();
        _up?.Dispose();
    }

    static Dictionary<string, string> Environment(string home)
    {
        var variables = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(one => (string)one.Key, one => (string?)one.Value ?? "");
        variables["HOME"] = home;
        return variables;
    }

    // A browser gathers no candidate on loopback unless it is told to; its default route elsewhere is enough to reach a
    // TURN server on loopback.
    static bool OnlyLoopback() =>
        NetworkInterface.GetAllNetworkInterfaces().All(card =>
            card.NetworkInterfaceType == NetworkInterfaceType.Loopback || card.OperationalStatus != OperationalStatus.Up ||
            card.GetIPProperties().UnicastAddresses.Count == 0);
}

/// <summary>Tests that share the browser run one after another.</summary>
[CollectionDefinition(nameof(Chromium))]
public sealed class ChromiumCollection : ICollectionFixture<Chromium>;
