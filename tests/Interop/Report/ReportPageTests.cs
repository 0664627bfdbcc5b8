using Microsoft.Playwright;
using Portunus.Assessment.Report;
using Portunus.Assessment.Results;
using Portunus.Assessment.Study;
using Portunus.Assessment.Verdicts;
using Portunus.Tests.Fast.Assessment;

namespace Portunus.Tests.Interop.Report;

/// <summary>The page of an assessment in Debian's Chromium, from disk.</summary>
public sealed class ReportPageTests : IAsyncLifetime
{
    static readonly AssessmentResult Result = RichResult.Make();

    readonly string _folder = Directory.CreateTempSubdirectory("portunus-report-").FullName;
    IPlaywright? _playwright;
    IBrowser? _browser;

    string Address => new Uri(Path.Combine(_folder, "assessment.html")).AbsoluteUri;

    public async ValueTask InitializeAsync()
    {
        new ReportFolder(_folder).Write(Result);
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new()
        {
            // Its sandbox does not start for root; the page is our own.
            ExecutablePath = "/usr/bin/chromium", Args = ["--headless", "--no-sandbox", "--disable-gpu"],
        });
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null) await _browser.DisposeAsync();
        _playwright?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Sliders_rank_the_solutions_as_the_scorecard_does()
    {
        var page = await OpenAsync(new());
        foreach (var weights in new[] { [0, 0, 10, 0, 0, 0, 0, 0, 0, 0], [1, 9, 0, 3, 10, 0, 2, 7, 5, 4], new int[10] })
        {
            for (var i = 0; i < weights.Length; i++) await page.Locator($"#weight-{i}").FillAsync($"{weights[i]}");
            Assert.Equal(Ranking(criterion => weights[Result.Criteria.IndexOf(criterion)]), await RowsAsync(page));
        }

        Assert.Equal("Nothing was scored: there is no recommendation.", await page.Locator("[data-sentence]").TextContentAsync());
        await page.Locator("[data-reset]").ClickAsync();
        Assert.Equal(Ranking(criterion => criterion.Weight), await RowsAsync(page));
        Assert.Matches("^With these weights .+ first with [0-9]+ of 100", await page.Locator("[data-sentence]").TextContentAsync());
    }

    [Fact]
    public async Task A_slider_moves_by_the_keyboard()
    {
        var page = await OpenAsync(new());
        await page.Locator("#weight-2").FocusAsync();
        await page.Keyboard.PressAsync("Home");
        Assert.Equal("0", await page.Locator("output[for=weight-2]").TextContentAsync());
        Assert.Equal(
            Ranking(criterion => criterion == Result.Criteria[2] ? 0 : criterion.Weight), await RowsAsync(page));
    }

    [Fact]
    public async Task Without_scripts_the_weights_of_the_run_count()
    {
        var page = await OpenAsync(new() { JavaScriptEnabled = false });
        Assert.Equal(Ranking(criterion => criterion.Weight), await RowsAsync(page));
        Assert.True(await page.Locator("#weight-0").IsDisabledAsync());
        Assert.True(await page.Locator("[data-reset]").IsHiddenAsync());
    }

    [Theory]
    [InlineData(360)]
    [InlineData(1280)]
    public async Task The_page_itself_never_scrolls_sideways(int width)
    {
        var page = await OpenAsync(new() { ViewportSize = new() { Width = width, Height = 800 } });
        await page.EvaluateAsync("document.querySelectorAll('details').forEach(one => { one.open = true; })");
        Assert.True(await page.EvaluateAsync<int>("document.documentElement.scrollWidth") <= width);
    }

    [Fact]
    public async Task It_asks_for_itself_alone_and_complains_of_nothing()
    {
        List<string> asked = [], said = [];
        var page = await (await _browser!.NewContextAsync()).NewPageAsync();
        page.Request += (_, request) => asked.Add(request.Url);
        page.Console += (_, message) => said.Add(message.Text);
        page.PageError += (_, error) => said.Add(error);
        await page.GotoAsync(Address);
        Assert.Equal([Address], asked);
        Assert.Empty(said);
    }

    async Task<IPage> OpenAsync(BrowserNewContextOptions options)
    {
        var page = await (await _browser!.NewContextAsync(options)).NewPageAsync();
        await page.GotoAsync(Address);
        return page;
    }

    static async Task<string[]> RowsAsync(IPage page)
    {
        List<string> rows = [];
        foreach (var row in await page.Locator("[data-weights] tbody tr").AllAsync())
            rows.Add($"{await row.GetAttributeAsync("data-solution")} {await row.Locator("[data-number]").TextContentAsync()}");
        return [.. rows];
    }

    /// <summary>The page has scores to the thousandth, as the file has.</summary>
    static string[] Ranking(Func<Criterion, double> weightOf)
    {
        var written = AssessmentJson.Read(AssessmentJson.Write(Result));
        var first = Order(written, Way.All, criterion => criterion.Weight);
        return [.. Order(written, first, weightOf).Select(way => Scorecard.Mean(written, way, weightOf) is { } mean
            ? $"{way} {Math.Floor((mean * 100) + 0.5)}"
            : $"{way} not known")];
    }

    static IReadOnlyList<Way> Order(AssessmentResult result, IReadOnlyList<Way> ways, Func<Criterion, double> weightOf) =>
        [.. ways.OrderByDescending(way => Scorecard.Mean(result, way, weightOf) ?? -1)];
}
