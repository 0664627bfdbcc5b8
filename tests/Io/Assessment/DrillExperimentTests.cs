using Portunus.Assessment;
using Portunus.Assessment.Results;
using Portunus.Assessment.Security;
using Portunus.Assessment.Study;
using Portunus.Bedrock;
using Portunus.Credentials;
using Portunus.Turn;
using Subject = Portunus.Assessment.Results.FigureName;

namespace Portunus.Tests.Io.Assessment;

/// <summary>The drills of the study, tried by the assessment against running systems.</summary>
public sealed class DrillExperimentTests
{
    static readonly IExperiment[] Experiments =
        [new DrillsExperiment(), new ClockExperiment(), new RestartExperiment(), new RotationExperiment()];

    static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_drill_has_a_figure_or_is_said_to_be_missing_and_no_solution_fails_one()
    {
        var result = await new Assessor(Experiments, _ => { }).RunAsync(AssessmentPlan.Quick, Stop);
        Show(result);
        Assert.All(Enumerable.Range(1, Drill.Count), number => Assert.True(
            result.Figures.Any(figure => figure.Subject == Drill.Subject(number))
            || result.Missing.Any(missing => missing.StartsWith(Drill.Subject(number), StringComparison.Ordinal)), $"drill {number}"));
        Assert.Empty(result.Figures.Where(figure => figure.AsExpected == false).Select(figure => $"{figure}"));
        Assert.NotEmpty(result.Figures.Where(figure => figure.Subject == FigureName.SkewRelays));
    }

    /// <summary>All that the assessment tries by default.</summary>
    [Fact(Explicit = true)]
    public async Task Every_solution_passes_every_drill()
    {
        var result = await new Assessor(Experiments, _ => { }).RunAsync(AssessmentPlan.Default, Stop);
        Show(result);
        Assert.Empty(result.Missing);
        Assert.Empty(result.Figures.Where(figure => figure.AsExpected == false).Select(figure => $"{figure}"));
    }

    [Fact]
    public async Task A_TURN_server_that_takes_any_expiry_does_not_pass_the_drill_of_the_expired_username()
    {
        var draft = Draft();
        await using var system = await DrillsExperiment.StartAsync(AssessmentPlan.Quick, Way.A1, hasFeed: false, Stop);
        var drill = RelayDrills.All.First(one => one.Number == 6);
        await DrillsExperiment.TryAsync(system, [drill], draft, Stop);
        await system.Turn.UseAsync(new AnyExpiry(new CredentialVerifier(system.SourcesOf(system.Keys.Secret))));
        await DrillsExperiment.TryAsync(system, [drill], draft, Stop);
        Assert.Empty(draft.Result.Missing);
        Assert.Equal([true, false], draft.Result.Figures.Select(figure => figure.AsExpected));
    }

    [Fact]
    public async Task A_rotation_without_overlap_is_seen_as_failed_Allocates()
    {
        await using var system = await DrillsExperiment.StartAsync(AssessmentPlan.Quick, Way.A1, hasFeed: false, Stop);
        await using var trial = await RotationTrial.BeginAsync(new(system), Stop);
        await trial.RoundsAsync(1, TimeSpan.FromMinutes(1));
        Assert.Equal(0, trial.Failed);
        // The TURN server forgets the secret by which the eP-CSCF goes on to make credentials.
        await system.UseAsync(system.SourcesOf(new SharedSecret(SecretHash.Sha256, "another"u8)));
        await trial.RoundsAsync(1, TimeSpan.FromMinutes(1));
        await trial.EndAsync();
        Assert.InRange(trial.Failed, RotationTrial.Clients, trial.Tried);
        Assert.Equal("401 to an Allocate", trial.FirstFailure);
    }

    [Fact]
    public async Task A_drill_that_cannot_be_tried_is_said_to_be_missing()
    {
        var draft = Draft();
        await using var system = await DrillsExperiment.StartAsync(AssessmentPlan.Quick, Way.A1, hasFeed: false, Stop);
        // Nobody can sign in.
        system.W2.Target = null;
        await DrillsExperiment.TryAsync(system, [RelayDrills.All.First(one => one.Number == 7)], draft, Stop);
        Assert.Empty(draft.Result.Figures);
        Assert.StartsWith(Drill.Subject(7), Assert.Single(draft.Result.Missing), StringComparison.Ordinal);
    }

    static Draft Draft() => new(new()
    {
        Machine = new("", 1, "", "", ""), Seed = 1, Mode = "quick", Began = DateTimeOffset.UnixEpoch,
    });

    static void Show(AssessmentResult result)
    {
        var output = TestContext.Current.TestOutputHelper!;
        foreach (var one in result.Figures.Where(figure => figure.Experiment != FigureName.Clocks))
            output.WriteLine($"{one.AsExpected} | {one.Solution} {one.Variant}"
                + $" | {one.Subject} | {one.Setting} | {one.Value} | {one.Outcome}");
        foreach (var one in result.Missing) output.WriteLine(one);
        output.WriteLine($"{result.Seconds:0.0} s");
    }

    /// <summary>Judges every credential as if it had just been made.</summary>
    sealed class AnyExpiry(ICredentialVerifier judge) : ICredentialVerifier
    {
        public bool FindsByHash => judge.FindsByHash;

        public bool AsksEdges => judge.AsksEdges;

        public TokenKeys? Tokens => judge.Tokens;

        public Bytes? NameOf(ReadOnlySpan<byte> userHash) => judge.NameOf(userHash);

        public bool TryFind(
            Instant now, ReadOnlySpan<byte> username, PasswordAlgorithm algorithm, int attempt, out FoundCredential found) =>
            judge.TryFind(Instant.FromUnixSeconds(0), username, algorithm, attempt, out found);
    }
}
